import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";
import type { StoredColumn } from "./digest-sql.ts";

/** Character sets whose bytes are UTF-8 as they stand. */
const UTF8 = "'utf8mb4', 'utf8mb3', 'utf8', 'ascii'";

/** A table of the archive, with what has to be known of the columns that stand for it in the target. */
export async function storedTable<T extends Pick<MysqlTable, "table" | "columns">>(
  session: MysqlSession,
  database: string,
  table: T,
): Promise<T & { readonly columns: StoredColumn[] }> {
  const rows = await session.rows<{ name: string }>(
    `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND character_set_name NOT IN (${UTF8})`,
    [database, table.table],
  );
  const names = new Set(rows.map((r) => r.name.toLowerCase()));
  return {
    ...table,
    columns: table.columns.map((c): StoredColumn => ({ ...c, isRecoded: names.has(c.name.toLowerCase()) })),
  };
}
