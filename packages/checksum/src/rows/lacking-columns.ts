import type { MysqlTable } from "@firebreak/archive";
import { tableFacts, type MysqlSession } from "@firebreak/mysql";

/** Returns the columns that a table lacks in the target, or undefined if there is no such table. */
export async function lackingColumns(
  session: MysqlSession,
  database: string,
  { table, columns }: MysqlTable,
): Promise<string[] | undefined> {
  const facts = await tableFacts(session, database, table);
  if (facts === undefined) return undefined;
  // The server ignores case in column names.
  const names = new Set(facts.columns.map((c) => c.name.toLowerCase()));
  return columns.map((c) => c.name).filter((name) => !names.has(name.toLowerCase()));
}
