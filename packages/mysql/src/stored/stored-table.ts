import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import type { StoredColumn } from "@firebreak/mysql-format";

/** Character sets whose bytes are UTF-8 without conversion. */
const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "ascii"]);

export function isUtf8(characterSet: string): boolean {
  return UTF8.has(characterSet);
}

/** Returns a table of the archive, with the character sets of its columns in the target. */
export async function storedTable<T extends Pick<MysqlTable, "table" | "columns">>(
  session: MysqlSession,
  database: string,
  table: T,
): Promise<T & { readonly columns: StoredColumn[] }> {
  const rows = await session.rows<{ name: string; set: string }>(
    "SELECT column_name AS name, character_set_name AS `set` FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND character_set_name IS NOT NULL",
    [database, table.table],
  );
  const sets = new Map(rows.map((r) => [r.name.toLowerCase(), r.set]));
  return {
    ...table,
    columns: table.columns.map((c): StoredColumn => {
      const storedSet = sets.get(c.name.toLowerCase());
      return { ...c, storedSet, isRecoded: storedSet !== undefined && !isUtf8(storedSet) };
    }),
  };
}
