import {
  BYTES_MARK,
  canonicalBytes,
  quoteIdentifier,
  quoteText,
  sha256Of,
  sqlFamily,
  type Column,
  type SqlFamily,
} from "@firebreak/archive";
import { valueSql, type StoredColumn } from "./value-sql.ts";

/** No index has longer keys (MySQL 9.7 manual, 17.22): what is longer is told by its hash. */
const MAX_KEY_BYTES = 3072;

/**
 * A cell, in byte text, as a literal to compare its column with, so that an
 * index finds it by the column's own rules; undefined for a value that is not
 * as its type is written, and for types that literals are not compared with.
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
      // Without an exponent a literal is a DECIMAL, and a column of doubles is better met by a double.
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

/** Of ASCII alone it can be compared with text of any character set. */
function textLiteral(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  const isAscii = !bytes.some((byte) => byte >= 0x80);
  return `${isAscii ? "_ascii" : "_utf8mb4"} X'${bytes.toString("hex")}'`;
}

/** That a column holds a value, NULL too, by its own rules: other values may be equal to it there. */
export function equalSql(column: StoredColumn, cell: string | null): string {
  const name = quoteIdentifier(column.name);
  if (cell === null) return `${name} IS NULL`;
  const literal = keyLiteral(column, cell);
  return literal === undefined ? exactSql(column, cell) : `${name} = ${literal}`;
}

/** That a column holds exactly this value: first by its own rules, so that an index finds it, then by its bytes. */
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
 * Of these no two values are equal. Their bytes must not be asked for beside:
 * MySQL puts the literal in the column's place there too, and 0 is not the text of the YEAR 0000 (9.7, tried).
 */
const ALWAYS_SAME: ReadonlySet<SqlFamily> = new Set(["integer", "decimal", "year", "bit"]);

function exactSql(column: StoredColumn, cell: string): string {
  const value = canonicalBytes(cell, column.form);
  return value.length > MAX_KEY_BYTES
    ? `SHA2(${valueSql(column)}, 256) = '${sha256Of(value)}'`
    : `${valueSql(column)} = X'${value.toString("hex")}'`;
}
