import { quoteIdentifier } from "@firebreak/archive";
import { keyLiteral, type StoredColumn } from "@firebreak/mysql";
import type { Cells } from "./expected-rows.ts";

/**
 * A condition that rows with one of these keys fulfil, of a kind that an index
 * serves. The column's collation decides, so rows with other keys may fulfil it too.
 */
export function keySql(columns: readonly StoredColumn[], keys: readonly Cells[]): string {
  const [column] = columns;
  if (columns.length === 1 && keys.every(([cell]) => cell !== null))
    return `${quoteIdentifier(column!.name)} IN (${keys.map(([cell]) => keyLiteral(column!, cell!)).join(", ")})`;
  return keys.map((key) => `(${columns.map((c, i) => equalSql(c, key[i]!)).join(" AND ")})`).join(" OR ");
}

function equalSql(column: StoredColumn, cell: string | null): string {
  const name = quoteIdentifier(column.name);
  return cell === null ? `${name} IS NULL` : `${name} = ${keyLiteral(column, cell)}`;
}
