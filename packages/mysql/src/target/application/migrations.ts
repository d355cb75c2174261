import type { MysqlManifest } from "@firebreak/archive";
import type { Application } from "./application.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { targetDatabases } from "../load-plan.ts";

/**
 * Notes the migrations of the databases that have tables of an application. The returned check refuses a
 * target whose migrations changed since. Without its history, the application would start as if its database
 * were new. With another history, the application was started during the load.
 */
export async function watchMigrations(
  session: MysqlSession,
  { tables }: Pick<MysqlManifest, "tables">,
  application: Application | undefined,
): Promise<() => Promise<void>> {
  const given = tables.filter((t) => t.isGiven === true);
  if (given.length === 0 || application === undefined) return async () => {};
  const found = new Map<string, string>();
  for (const database of targetDatabases({ tables: given }, session.target.database))
    found.set(database, (await application.migration(session, database)) ?? "");
  return async () => {
    for (const [database, before] of found) {
      const after = await application.migration(session, database);
      if (after !== before) throw application.migrationMoved({ database, before, after });
    }
  };
}
