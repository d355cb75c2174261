import { equalSql } from "./key-literal.ts";
import type { StoredColumn } from "./value-sql.ts";

/**
 * A condition that rows with one of these keys fulfil, of a kind that an index
 * serves. The column's collation decides, so rows with other keys may fulfil it too.
 *
 * @param keys cells in byte text, in the order of `columns`.
 */
export function keySql(
  columns: readonly StoredColumn[],
  keys: readonly (readonly (string | null)[])[],
): string {
  return keys.map((key) => `(${columns.map((c, i) => equalSql(c, key[i]!)).join(" AND ")})`).join(" OR ");
}
