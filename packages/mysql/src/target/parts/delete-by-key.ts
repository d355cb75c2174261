import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import { sameSql } from "@firebreak/mysql-format";
import { tableName } from "../../driver/server-facts.ts";

/**
 * The size at which a statement is sent: well below every server's packet limit and its memory for
 * planning ranges.
 */
const MAX_STATEMENT_BYTES = 64 * 1024;

type Cells = readonly (string | null)[];

/**
 * Deletes every row that has one of these keys. Keys are compared by their bytes, as the digests
 * are, never by the column's collation: since the load, the table may have been given a collation
 * that treats different keys as equal. Call it inside a transaction.
 *
 * @param keys cells of the key columns, in the order of `keyColumns`, in byte text; whole rows if
 * the table has no key.
 * @returns the number of deleted rows.
 * @throws {FirebreakError} any `mysql-…` code.
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
    const condition = `(${columns.map((column, i) => sameSql(column, key[i] ?? null)).join(" AND ")})`;
    conditions.push(condition);
    bytes += condition.length;
    if (bytes >= MAX_STATEMENT_BYTES) await flush();
  }
  await flush();
  return deleted;
}
