import { isUtf8 } from "node:buffer";
import { BYTES_MARK } from "@firebreak/items";
import { jsonDecimals } from "../values/json-decimals.ts";
import type { Column } from "@firebreak/archive";

/** A row as SQL, with its length in bytes of UTF-8. */
export interface RowLiteral {
  readonly kind: "literal";
  readonly sql: string;
  readonly byteLength: number;
}

/** The reason why a row cannot be SQL, in the words and with the error number of a server. */
export interface RowRefusal {
  readonly kind: "refusal";
  readonly errno: number;
  readonly reason: string;
}

const WRONG_VALUE_COUNT = 1136;
const INCORRECT_STRING = 1366;

/**
 * Returns a row's cells, in byte text, as the SQL that follows VALUES. Its meaning does not depend
 * on sql_mode's rules for backslashes and quotes, and each value's bytes reach the server
 * unchanged.
 *
 * It refuses bytes that are not UTF-8: the driver could not send them, and MariaDB takes some of
 * them for text when they come as hex (tried). It also refuses base64 that is not canonical, which
 * a server would turn into other bytes or NULL.
 *
 * @param hasJsonDecimals true if JSON documents must become MySQL's, with their DECIMALs.
 */
export function rowLiteral(
  cells: readonly (string | null)[],
  columns: readonly Column[],
  hasJsonDecimals = false,
): RowLiteral | RowRefusal {
  if (cells.length !== columns.length)
    return {
      kind: "refusal",
      errno: WRONG_VALUE_COUNT,
      reason: `There are ${cells.length} values for ${columns.length} columns`,
    };
  let sql = "(";
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (i > 0) sql += ",";
    if (cell === null) sql += "NULL";
    else if (columns[i]!.form === "binary") {
      const bytes = Buffer.from(cell, "base64");
      if (bytes.toString("base64") !== cell)
        return incorrect("base64", Buffer.from(cell, "latin1"), columns[i]!);
      sql += `X'${bytes.toString("hex")}'`;
    } else if (columns[i]!.form === "member") {
      if (!/^\d{1,20}$/.test(cell)) return incorrect("number", Buffer.from(cell, "latin1"), columns[i]!);
      sql += cell;
    } else if (columns[i]!.form === "mixed") sql += mixedLiteral(cell);
    else if (hasJsonDecimals && columns[i]!.sqlType === "json") sql += jsonLiteral(cell);
    else sql += textLiteral(cell);
  }
  sql += ")";
  // Byte text that is ASCII only is the text itself.
  if (Buffer.byteLength(sql) === sql.length) return { kind: "literal", sql, byteLength: sql.length };
  const bytes = Buffer.from(sql, "latin1");
  if (isUtf8(bytes)) return { kind: "literal", sql: bytes.toString("utf8"), byteLength: bytes.length };
  const values = cells.map((cell) => Buffer.from(cell ?? "", "latin1"));
  const at = values.findIndex((value) => !isUtf8(value));
  return incorrect("string", values[at]!, columns[at]!);
}

/**
 * Returns a literal for a cell of mixed form. Bytes reach the column unchanged; the server converts
 * text to the column's character set.
 */
function mixedLiteral(cell: string): string {
  const content = cell.slice(1);
  return cell.startsWith(BYTES_MARK)
    ? `X'${Buffer.from(content, "base64").toString("hex")}'`
    : textLiteral(content);
}

/**
 * Returns SQL for a JSON document. The server would read each fraction in the document's text as a
 * DOUBLE, but a number that is an SQL literal is a DECIMAL.
 */
function jsonLiteral(cell: string): string {
  const decimals = jsonDecimals(cell);
  if (decimals.length === 0) return textLiteral(cell);
  const places = decimals.map(({ path, text }) => `${textLiteral(path)},${text}`);
  return `JSON_SET(${[textLiteral(cell), ...places].join(",")})`;
}

/** Returns a literal for text. A backslash in quotes would depend on NO_BACKSLASH_ESCAPES; hex does not. */
function textLiteral(cell: string): string {
  if (cell.includes("\\")) return `_utf8mb4 X'${Buffer.from(cell, "latin1").toString("hex")}'`;
  return cell.includes("'") ? `'${cell.replaceAll("'", "''")}'` : `'${cell}'`;
}

function incorrect(what: "base64" | "number" | "string", bytes: Buffer, { name }: Column): RowRefusal {
  const wrongAt = what === "string" ? firstInvalid(bytes) : 0;
  const shown = bytes
    .subarray(wrongAt, wrongAt + 6)
    .toString("hex")
    .replaceAll(/../g, (byte) => `\\x${byte.toUpperCase()}`);
  return {
    kind: "refusal",
    errno: INCORRECT_STRING,
    reason: `Incorrect ${what} value: '${shown}' for column '${name}'`,
  };
}

/** Returns the position at which a value first differs from the text that it would be read as. */
function firstInvalid(bytes: Buffer): number {
  const text = Buffer.from(bytes.toString("utf8"), "utf8");
  return bytes.findIndex((byte, i) => byte !== text[i]);
}
