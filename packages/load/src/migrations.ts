import type { MysqlManifest } from "@firebreak/archive";
import { flywayVersion, type MysqlSession } from "@firebreak/mysql";
import { loadFault } from "./load-faults.ts";
import { targetDatabases } from "./load-plan.ts";

/** The migrations that databases with tables of an application have. */
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

/** With its history gone the application would start as if its database were new; with another it was started meanwhile. */
export async function refuseMoved(
  session: MysqlSession,
  migrations: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [database, before] of migrations) {
    const after = await flywayVersion(session, database);
    if (after !== before) throw loadFault("flyway-moved", { database, before, after });
  }
}
