import type { MysqlManifest } from "@firebreak/archive";
import { flywayVersion, type MysqlSession } from "@firebreak/mysql";
import { loadFault } from "./load-faults.ts";
import { targetDatabases } from "./load-plan.ts";

/** Returns the migrations of the databases that have tables of an application. */
export async function migrationsOf(
  session: MysqlSession,
  { tables }: Pick<MysqlManifest, "tables">,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const given = tables.filter((t) => t.isGiven === true);
  if (given.length > 0)
    for (const database of targetDatabases({ tables: given }, session.target.database))
      found.set(database, (await flywayVersion(session, database)) ?? "");
  return found;
}

/**
 * Refuses a target whose migrations changed. Without its history, the application would start as if its
 * database were new. With another history, the application was started during the load.
 */
export async function refuseMoved(
  session: MysqlSession,
  migrations: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [database, before] of migrations) {
    const after = await flywayVersion(session, database);
    if (after !== before) throw loadFault("flyway-moved", { database, before, after });
  }
}
