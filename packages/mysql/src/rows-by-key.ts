import { cellOf, identifyingColumns, type MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";
import { keyHashSql, rowHashSql } from "./digest-sql.ts";
import { keySql } from "./key-sql.ts";
import { tableName } from "./server-facts.ts";
import { streamRows } from "./stream-rows.ts";
import { valueSql } from "./value-sql.ts";

type Cells = readonly (string | null)[];
type Table = Pick<MysqlTable, "table" | "columns" | "keyColumns" | "rowEncoding">;

/**
 * The hashes of all rows of a table that have one of these keys, by the hash of
 * the key, both as `RowIdentity` makes them and in hex. Only the named columns count.
 *
 * @param table of `storedTable`.
 * @param keys as `RowIdentity` gives them; of a table without a key whole rows.
 * @throws {FirebreakError} of mysql.
 */
export async function rowHashesByKey(
  session: MysqlSession,
  database: string,
  table: Table,
  keys: readonly Cells[],
): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  if (keys.length === 0) return found;
  const sql = `SELECT ${keyHashSql(table)}, ${rowHashSql(table)} FROM ${tableName(database, table.table)} WHERE ${keySql(identifyingColumns(table), keys)}`;
  for await (const [key, row] of streamRows(session, sql)) {
    const hashes = found.get(String(key)) ?? new Set<string>();
    // A row that the server cannot hash is like no row of the archive.
    found.set(String(key), hashes.add(String(row)));
  }
  return found;
}

/** The named columns of one of the rows that have a key, as cells; undefined where there is none. */
export async function rowByKey(
  session: MysqlSession,
  database: string,
  table: Table,
  key: Cells,
  keyHash: string,
): Promise<(string | null)[] | undefined> {
  const values = table.columns.map((c) => `CONVERT(${valueSql(c)} USING binary)`);
  const sql = `SELECT ${values.join(", ")} FROM ${tableName(database, table.table)} WHERE (${keySql(identifyingColumns(table), [key])}) AND ${keyHashSql(table)} = '${keyHash}' LIMIT 1`;
  let cells: (string | null)[] | undefined;
  for await (const row of streamRows(session, sql))
    cells = table.columns.map((c, i) => cellOf(row[i] as Buffer | null, c.form));
  return cells;
}
