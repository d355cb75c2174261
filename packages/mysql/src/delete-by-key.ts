import {
  canonicalBytes,
  quoteIdentifier,
  quoteText,
  sha256Of,
  type Column,
  type MysqlTable,
} from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";
import { valueSql } from "./digest-sql.ts";
import { tableName } from "./server-facts.ts";

/** Of one statement: well below every server's packet limit and its memory for planning ranges. */
const MAX_STATEMENT_BYTES = 64 * 1024;

/** No index has longer keys (MySQL 9.7 manual, 17.22): what is longer is told by its hash. */
const MAX_KEY_BYTES = 3072;

type Cells = readonly (string | null)[];

/**
 * Deletes every row that has one of these keys. A key is compared by its bytes,
 * as the digests are, never by the column's collation: the table may have been
 * given one since that takes other keys for equal. Call it inside a transaction.
 *
 * @param keys cells of the key columns, in the order of `keyColumns`, in byte text; of a table without a key, whole rows.
 * @returns how many rows there were.
 * @throws {FirebreakError} of mysql.
 */
export async function deleteByKeys(
  session: MysqlSession,
  database: string,
  table: Pick<MysqlTable, "table" | "columns" | "keyColumns">,
  keys: AsyncIterable<Cells> | Iterable<Cells>,
): Promise<number> {
  const { keyColumns } = table;
  const columns =
    keyColumns.length === 0
      ? table.columns
      : keyColumns.map((name) => table.columns.find((c) => c.name === name)!);
  const start = `DELETE FROM ${tableName(database, table.table)} WHERE `;
  let deleted = 0;
  let conditions: string[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (conditions.length === 0) return;
    deleted += (await session.run(start + conditions.join(" OR "))).affectedRows;
    conditions = [];
    bytes = 0;
  };
  for await (const key of keys) {
    const condition = `(${columns.map((column, i) => isCellSql(column, key[i] ?? null)).join(" AND ")})`;
    conditions.push(condition);
    bytes += condition.length;
    if (bytes >= MAX_STATEMENT_BYTES) await flush();
  }
  await flush();
  return deleted;
}

/** That a column holds exactly this value: first in the column's own terms, so that an index finds it, then by its bytes. */
function isCellSql(column: Column, cell: string | null): string {
  const name = quoteIdentifier(column.name);
  if (cell === null) return `${name} IS NULL`;
  const value = canonicalBytes(cell, column.form);
  if (value.length > MAX_KEY_BYTES) return `SHA2(${valueSql(column)}, 256) = '${sha256Of(value)}'`;
  const bytes = value.toString("hex");
  const exact = `${valueSql(column)} = X'${bytes}'`;
  const literal = literalOf(column, cell, bytes);
  return literal === undefined ? exact : `${name} = ${literal} AND ${exact}`;
}

/** The value as a literal of the column's type; undefined for one that is not as that type is written. */
function literalOf({ sqlType, form }: Column, cell: string, bytes: string): string | undefined {
  if (form === "binary") return `X'${bytes}'`;
  if (/^(tinyint|int|bigint|decimal|double)/.test(sqlType)) {
    const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(cell);
    // Without an exponent a literal is a DECIMAL, and a column of doubles is better met by a double.
    const isExact = form !== "double" || /e/i.test(cell);
    return isNumber ? `${cell}${isExact ? "" : "e0"}` : undefined;
  }
  if (sqlType.startsWith("datetime")) return /^[\d :.-]+$/.test(cell) ? quoteText(cell) : undefined;
  if (/^(varchar|text)/.test(sqlType)) return `_utf8mb4 X'${bytes}'`;
  return sqlType.startsWith("char") ? `_ascii X'${bytes}'` : undefined;
}
