import { equalSql } from "./key-literal.ts";
import type { StoredColumn } from "./value-sql.ts";

/**
 * Returns a condition that all rows with one of these keys fulfil and that an index can serve. The
 * column's collation decides, so rows with other keys may fulfil it too.
 *
 * @param keys cells in byte text, in the order of `columns`.
 */
export function keySql(
  columns: readonly StoredColumn[],
  keys: readonly (readonly (string | null)[])[],
): string {
  return keys.map((key) => `(${columns.map((c, i) => equalSql(c, key[i]!)).join(" AND ")})`).join(" OR ");
}
