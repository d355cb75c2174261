import { BYTES_MARK, canonicalBytes } from "@firebreak/items";
import { quoteIdentifier, quoteText } from "../csv/csv-dialect.ts";
import { sqlFamily, type SqlFamily } from "../values/sql-family.ts";
import { type Column, sha256Of } from "@firebreak/archive";
import { type StoredColumn, valueSql } from "./value-sql.ts";

/** The maximum length of an index key (MySQL 9.7 manual, 17.22). A longer value is compared by its hash. */
const MAX_KEY_BYTES = 3072;

/**
 * Returns a cell, in byte text, as a literal to compare with its column, so that an index finds it
 * by the column's own rules. Undefined for a value that is not in the notation of its type, and for
 * types that are not compared with literals.
 */
export function keyLiteral({ sqlType, form, characterSet }: Column, cell: string): string | undefined {
  const hex = (): string => canonicalBytes(cell, form).toString("hex");
  switch (sqlFamily(sqlType)) {
    case "integer":
    case "decimal":
    case "year":
      return IS_NUMBER.test(cell) ? cell : undefined;
    case "double":
    case "float":
      if (!IS_NUMBER.test(cell)) return undefined;
      // A literal without an exponent is a DECIMAL. A column of doubles compares better with a double.
      return /e/i.test(cell) ? cell : `${cell}e0`;
    case "bit":
      // A hex literal would be compared as a double.
      return String(BigInt(`0x${hex() || "0"}`));
    case "date":
    case "moment":
    case "time":
      return /^[\d :.-]+$/.test(cell) ? quoteText(cell) : undefined;
    case "binary":
      return `X'${hex()}'`;
    case "choice":
    case "text":
      if (form === "member") return IS_NUMBER.test(cell) ? cell : undefined;
      if (form !== "mixed") return textLiteral(cell);
      if (!cell.startsWith(BYTES_MARK)) return textLiteral(cell.slice(1));
      return `_${characterSet} X'${Buffer.from(cell.slice(1), "base64").toString("hex")}'`;
    case "json":
    case "geometry":
    case "named":
      return undefined;
  }
}

const IS_NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

/** Returns a literal for text. If it is ASCII only, it can be compared with text of any character set. */
function textLiteral(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  const isAscii = !bytes.some((byte) => byte >= 0x80);
  return `${isAscii ? "_ascii" : "_utf8mb4"} X'${bytes.toString("hex")}'`;
}

/**
 * Returns the condition that a column holds a value, or NULL, by the column's own rules. Other
 * values may be equal under those rules.
 */
export function equalSql(column: StoredColumn, cell: string | null): string {
  const name = quoteIdentifier(column.name);
  if (cell === null) return `${name} IS NULL`;
  const literal = keyLiteral(column, cell);
  return literal === undefined ? exactSql(column, cell) : `${name} = ${literal}`;
}

/**
 * Returns the condition that a column holds exactly this value: first by its own rules, so that an
 * index finds it, then by its bytes.
 */
export function sameSql(column: StoredColumn, cell: string | null): string {
  if (cell === null) return equalSql(column, cell);
  const exact = exactSql(column, cell);
  const literal =
    canonicalBytes(cell, column.form).length > MAX_KEY_BYTES ? undefined : keyLiteral(column, cell);
  if (literal === undefined) return exact;
  const isEqual = `${quoteIdentifier(column.name)} = ${literal}`;
  return ALWAYS_SAME.has(sqlFamily(column.sqlType)) ? isEqual : `${isEqual} AND ${exact}`;
}

/**
 * Types in which no two values are equal. Their bytes must not be compared as well: MySQL puts the
 * literal in the column's place there too, and 0 is not the text of the YEAR 0000 (9.7, tried).
 */
const ALWAYS_SAME: ReadonlySet<SqlFamily> = new Set(["integer", "decimal", "year", "bit"]);

function exactSql(column: StoredColumn, cell: string): string {
  const value = canonicalBytes(cell, column.form);
  return value.length > MAX_KEY_BYTES
    ? `SHA2(${valueSql(column)}, 256) = '${sha256Of(value)}'`
    : `${valueSql(column)} = X'${value.toString("hex")}'`;
}

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
