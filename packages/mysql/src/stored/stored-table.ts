import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import type { ColumnFacts } from "../driver/table-queries.ts";
import type { StoredColumn } from "@firebreak/mysql-format";

/** Character sets whose bytes are UTF-8 without conversion. */
const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "ascii"]);

export function isUtf8(characterSet: string): boolean {
  return UTF8.has(characterSet);
}

/** A table of the archive, with the character sets of its columns in the target. */
export type Stored<T> = T & { readonly columns: StoredColumn[] };

/** Reads the character sets of a table's columns in the target. */
export async function storedTable<T extends Pick<MysqlTable, "table" | "columns">>(
  session: MysqlSession,
  database: string,
  table: T,
): Promise<Stored<T>> {
  const columns = await session.rows<{ name: string; characterSet: string }>(
    "SELECT column_name AS name, character_set_name AS characterSet FROM information_schema.columns WHERE table_schema = ? AND table_name = ? AND character_set_name IS NOT NULL",
    [database, table.table],
  );
  return storedAs(table, { columns });
}

/** Returns a table with the character sets that its columns have in the target, by facts that were read before. */
export function storedAs<T extends Pick<MysqlTable, "columns">>(
  table: T,
  found: { readonly columns: readonly Pick<ColumnFacts, "name" | "characterSet">[] } | undefined,
): Stored<T> {
  const sets = new Map(found?.columns.map((c) => [c.name.toLowerCase(), c.characterSet]));
  return {
    ...table,
    columns: table.columns.map((c): StoredColumn => {
      const storedSet = sets.get(c.name.toLowerCase());
      return { ...c, storedSet, isRecoded: storedSet !== undefined && !isUtf8(storedSet) };
    }),
  };
}
