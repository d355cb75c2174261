import { cellOf, identifyingColumns } from "@firebreak/items";
import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import { keyHashSql, rowHashSql } from "./digest-sql.ts";
import { keySql, valueSql } from "@firebreak/mysql-format";
import { tableName } from "../driver/server-facts.ts";
import { streamRows, bytesOfCell } from "../driver/stream-rows.ts";

type Cells = readonly (string | null)[];
type Table = Pick<MysqlTable, "table" | "columns" | "keyColumns" | "rowEncoding">;

/**
 * Reads the hashes of all rows of a table that have one of these keys, by the hash of the key. Both
 * are in hex and equal to those of `RowIdentity`. Only the named columns count.
 *
 * @param table as `storedTable` returns it.
 * @param keys as `RowIdentity` gives them; whole rows for a table without a key.
 * @throws {FirebreakError} any `mysql-…` code.
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
    // A row that the server cannot hash equals no row of the archive.
    found.set(String(key), hashes.add(String(row)));
  }
  return found;
}

/** A row of a table: the hash of its key, in hex, and the cells of the named columns. */
interface KeyedRow {
  readonly keyHash: string;
  readonly cells: (string | null)[];
}

/**
 * Yields all rows that have one of these keys, as the server sends them. If its collation treats
 * other keys as equal, their rows come too.
 */
export async function* rowsByKey(
  session: MysqlSession,
  database: string,
  table: Table,
  keys: readonly Cells[],
): AsyncGenerator<KeyedRow> {
  if (keys.length === 0) return;
  const values = table.columns.map((c) => `CONVERT(${valueSql(c)} USING binary)`);
  const sql = `SELECT ${keyHashSql(table)}, ${values.join(", ")} FROM ${tableName(database, table.table)} WHERE ${keySql(identifyingColumns(table), keys)}`;
  for await (const [keyHash, ...row] of streamRows(session, sql))
    yield {
      keyHash: String(keyHash),
      cells: table.columns.map((c, i) => cellOf(bytesOfCell(row[i]), c.form)),
    };
}
