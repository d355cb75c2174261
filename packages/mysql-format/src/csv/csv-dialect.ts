import { BYTES_MARK } from "@firebreak/items";
import type { LineBuffer, Column } from "@firebreak/archive";
import { sqlFamily } from "../values/sql-family.ts";

/**
 * The one CSV dialect of the archive: RFC 4180, every value quoted, NULL as the bare word. It has no escape
 * character, because RFC 4180 has none. Tried with 33 hostile strings against LOAD DATA on MySQL 9.7 and
 * MariaDB 10.11.
 */
export const CSV_DIALECT = { delimiter: ",", quote: '"', rowDelimiter: "\n", null: "NULL" } as const;

/**
 * Returns one row as CSV with its line end, as text or byte text like its cells. csv-stringify took a quarter
 * of transform's time (a tenth of this speed, bench/hot-paths.ts). A test holds the two equal.
 */
export function csvRow(cells: readonly (string | null)[]): string {
  let row = "";
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (i > 0) row += ",";
    if (cell === null) row += CSV_DIALECT.null;
    else row += cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : `"${cell}"`;
  }
  return `${row}\n`;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const LINE_END = 0x0a;
/** Up to this many letters a loop is faster than native calls. */
const FEW = 40;

/** Writes a row of byte-text cells as bytes: twice as fast as by way of text (bench/hot-paths.ts). */
export function putCsvRow(out: LineBuffer, cells: readonly (string | null)[]): void {
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (i > 0) out.byte(COMMA);
    if (cell === null) out.ascii(CSV_DIALECT.null);
    else putQuoted(out, cell);
  }
  out.byte(LINE_END);
}

function putQuoted(out: LineBuffer, cell: string): void {
  if (cell.length > FEW) {
    out.byte(QUOTE);
    out.ascii(cell.includes('"') ? cell.replaceAll('"', '""') : cell);
    out.byte(QUOTE);
    return;
  }
  out.reserve(2 * cell.length + 2);
  const { bytes } = out;
  let { at } = out;
  bytes[at++] = QUOTE;
  for (let i = 0; i < cell.length; i++) {
    const byte = cell.charCodeAt(i);
    bytes[at++] = byte;
    if (byte === QUOTE) bytes[at++] = QUOTE;
  }
  bytes[at++] = QUOTE;
  out.at = at;
}

/** The number of letters in a piece, which is in memory as text and as bytes at once. */
const PIECE = 1 << 18;

/** Returns a huge row of byte-text cells in pieces, so that the whole row is not in memory once more. */
export function* csvRowPieces(cells: readonly (string | null)[]): Generator<string> {
  for (const [i, cell] of cells.entries()) {
    yield i > 0 ? "," : "";
    if (cell === null) yield CSV_DIALECT.null;
    else {
      yield '"';
      for (let at = 0; at < cell.length; at += PIECE) yield cell.slice(at, at + PIECE).replaceAll('"', '""');
      yield '"';
    }
  }
  yield "\n";
}

/**
 * Returns the LOAD DATA statement that reads a part of a table.
 *
 * REPLACE makes the server strict; no row is to be replaced. Without it LOCAL means IGNORE, which turns every
 * conversion error into a warning and a changed value (MySQL 9.7 manual, 15.2.9). The caller must refuse a
 * result with deleted rows. The statement names the character set, because SET NAMES does not apply to the
 * file.
 */
export function loadDataStatement(target: string, columns: readonly Column[], fileName: string): string {
  const variable = (i: number): string => `@c${i + 1}`;
  const own = columns.map((c, i) => valueOf(c, variable(i)));
  // If the statement has any SET, MariaDB replaces a 0 in an AUTO_INCREMENT column, unless that column
  // is SET too (10.11, tried).
  const isAnySet = own.some((value) => value !== undefined);
  const values = columns.map((c, i) => own[i] ?? (isAnySet && mayCount(c) ? variable(i) : undefined));
  const fields = columns.map((c, i) => (values[i] === undefined ? quoteIdentifier(c.name) : variable(i)));
  const sets = columns.flatMap((c, i) =>
    values[i] === undefined ? [] : [`${quoteIdentifier(c.name)} = ${values[i]}`],
  );
  return [
    `LOAD DATA LOCAL INFILE ${quoteText(fileName)} REPLACE INTO TABLE ${target} CHARACTER SET utf8mb4`,
    `FIELDS TERMINATED BY '${CSV_DIALECT.delimiter}' ENCLOSED BY '${CSV_DIALECT.quote}' ESCAPED BY '' LINES TERMINATED BY '\\n'`,
    // A row without values is an empty line; with an empty list the server would expect all columns in it.
    `(${fields.length === 0 ? "@none" : fields.join(", ")})`,
    ...(sets.length > 0 ? [`SET ${sets.join(", ")}`] : []),
  ].join(" ");
}

/** Returns true if a column may be AUTO_INCREMENT: a number of a MySQL table that is never NULL. */
function mayCount({ sqlType, isNullable }: Column): boolean {
  return isNullable === false && ["integer", "double", "float"].includes(sqlFamily(sqlType));
}

/**
 * Returns the expression for a cell that is in a variable. Returns undefined if the server reads the cell
 * right into the column.
 */
function valueOf({ form, characterSet }: Column, cell: string): string | undefined {
  switch (form) {
    case "text":
    case "double":
      return undefined;
    case "binary":
      return fromBase64(cell);
    case "member":
      // The server takes text for a member's name first, and for a number only then (manual, 13.3.6).
      return `CAST(${cell} AS UNSIGNED)`;
    case "mixed": {
      // The server gets both as bytes in the column's character set, and so stores both unchanged.
      const content = `SUBSTRING(${cell}, 2)`;
      return `IF(LEFT(${cell}, 1) = '${BYTES_MARK}', ${fromBase64(content)}, CONVERT(${content} USING ${characterSet}))`;
    }
  }
}

/**
 * Returns an expression for the bytes of a base64 text, which raises an error for any other text. FROM_BASE64
 * alone gives NULL for what is not base64 (on MySQL 9.7 without a warning) and above max_allowed_packet (with
 * one). Only then does the server compute the power, which is out of range.
 */
function fromBase64(text: string): string {
  return `IFNULL(FROM_BASE64(${text}), CAST(IF(${text} IS NULL, NULL, POW(10, 400 + LENGTH(${text}))) AS BINARY))`;
}

/** Returns a MySQL identifier in backticks (manual, 11.2). */
export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/**
 * Returns a MySQL string literal. It is right with and without NO_BACKSLASH_ESCAPES if the text has no
 * backslashes.
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}
