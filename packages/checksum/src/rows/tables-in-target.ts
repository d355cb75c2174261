import type { MysqlTable } from "@firebreak/archive";
import { MysqlSession } from "@firebreak/mysql";
import { lackingColumns } from "./lacking-columns.ts";
import { mergedTables } from "../report/merged-differences.ts";

/** Returns the database that a table of the archive has in the target. */
export function databasesIn({ target }: MysqlSession): (table: MysqlTable) => string {
  return (table) => target.database ?? table.database;
}

/** Finds tables that a delta drops and that are still there. */
export async function undroppedTables(
  session: MysqlSession,
  tables: readonly MysqlTable[],
): Promise<MysqlTable[]> {
  const databaseOf = databasesIn(session);
  const undropped: MysqlTable[] = [];
  for (const table of tables)
    if (
      table.change === "dropped" &&
      table.isGiven !== true &&
      (await lackingColumns(session, databaseOf(table), table)) !== undefined
    )
      undropped.push(table);
  return undropped;
}

/** Finds tables that lack columns in the target, or are missing there: those have an empty list. */
export async function lackingTables(
  session: MysqlSession,
  tables: readonly MysqlTable[],
): Promise<Map<MysqlTable, readonly string[]>> {
  const databaseOf = databasesIn(session);
  const lacking = new Map<MysqlTable, readonly string[]>();
  for (const table of tables) {
    const columns = await lackingColumns(session, databaseOf(table), table);
    if (columns?.length !== 0) lacking.set(table, columns ?? []);
  }
  return lacking;
}

/** Finds tables whose rows were merged with rows of others. */
export async function mergedOf(
  session: MysqlSession,
  tables: readonly MysqlTable[],
): Promise<Set<MysqlTable>> {
  const databaseOf = databasesIn(session);
  const merged = new Set<MysqlTable>();
  for (const database of new Set(tables.map(databaseOf))) {
    const names = await mergedTables(session, database);
    for (const table of tables)
      if (databaseOf(table) === database && names.has(table.table)) merged.add(table);
  }
  return merged;
}
