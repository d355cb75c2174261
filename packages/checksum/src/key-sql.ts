import { equalSql, type StoredColumn } from "@firebreak/mysql";
import type { Cells } from "./expected-rows.ts";

/**
 * A condition that rows with one of these keys fulfil, of a kind that an index
 * serves. The column's collation decides, so rows with other keys may fulfil it too.
 */
export function keySql(columns: readonly StoredColumn[], keys: readonly Cells[]): string {
  return keys.map((key) => `(${columns.map((c, i) => equalSql(c, key[i]!)).join(" AND ")})`).join(" OR ");
}
