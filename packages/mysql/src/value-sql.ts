import { BYTES_MARK, quoteIdentifier, sqlFamily, TEXT_MARK, type Column } from "@firebreak/archive";
import { backAgainSql } from "./back-again-sql.ts";

/** A column as a target has it: text may be kept there in another character set than the archive's UTF-8. */
export interface StoredColumn extends Column {
  /** Of text that has to be made UTF-8 first. */
  readonly isRecoded?: boolean;
  /** The character set of what the target has in it. */
  readonly storedSet?: string | undefined;
}

/** What gives a column's value as the archive has it, where that is text in UTF-8; else the column itself. */
function plainSql(column: StoredColumn): string {
  const name = quoteIdentifier(column.name);
  if (column.form === "mixed") return mixedSql(name, column.characterSet ?? "");
  const family = sqlFamily(column.sqlType);
  // Which would be compared as numbers or shapes, not as bytes.
  // And a VECTOR is no argument for functions of text (9.7, tried).
  if (family === "bit" || family === "geometry" || column.sqlType.startsWith("vector"))
    return `CONVERT(${name} USING binary)`;
  if (column.form === "member") return `CAST(${name} AS UNSIGNED)`;
  if (column.form !== "text") return name;
  // Shown with zeros in front of it, a number would be another text.
  if (column.sqlType.includes("zerofill")) return `(${name} + 0)`;
  // MariaDB's UUIDs and addresses are bytes until they are cast.
  if (family === "named") return `CAST(${name} AS CHAR)`;
  return column.isRecoded === true || family === "json" ? `CONVERT(${name} USING utf8mb4)` : name;
}

/** Text, in UTF-8, of what comes back from there as the same bytes; else the bytes. */
function mixedSql(name: string, characterSet: string): string {
  const text = `CONVERT(${name} USING utf8mb4)`;
  const bytes = `CONVERT(${name} USING binary)`;
  const isExact = `${backAgainSql(name, characterSet)} = ${bytes}`;
  return `IF(${isExact}, CONCAT('${TEXT_MARK}', CONVERT(${text} USING binary)), CONCAT('${BYTES_MARK}', ${bytes}))`;
}

/** The canonical bytes of a column's value: what `RowHasher` makes of its cell. */
export function valueSql(column: StoredColumn): string {
  switch (column.form) {
    case "text":
    case "member":
      // Not by CAST, which makes NULL of what is above max_allowed_packet (MariaDB 10.11, tried).
      return `CONVERT(${plainSql(column)} USING binary)`;
    case "binary":
    case "mixed":
      return plainSql(column);
    case "double":
      // A point's well-known binary: byte order, type, then x as its eight bytes, little-endian on both servers.
      return `SUBSTRING(ST_AsWKB(POINT(${plainSql(column)}, 0)), 6, 8)`;
  }
}

/** How many canonical bytes a value has. */
export function valueLengthSql(column: StoredColumn): string {
  return column.form === "double" ? "8" : `LENGTH(${plainSql(column)})`;
}

/** The hash of a value's canonical bytes. */
export function valueHashSql(column: StoredColumn): string {
  return `SHA2(${column.form === "double" ? valueSql(column) : plainSql(column)}, 256)`;
}
