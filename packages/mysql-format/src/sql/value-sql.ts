import { BYTES_MARK, TEXT_MARK } from "@firebreak/items";
import { quoteIdentifier } from "../csv/csv-dialect.ts";
import { sqlFamily } from "../values/sql-family.ts";
import type { Column } from "@firebreak/archive";

/**
 * A column as the target has it. The target may keep text in another character set than the
 * archive's UTF-8.
 */
export interface StoredColumn extends Column {
  /** True for text that must first be converted to UTF-8. */
  readonly isRecoded?: boolean;
  /** The character set of the column's text in the target. */
  readonly storedSet?: string | undefined;
}

/** Returns SQL for a column's value as the archive has it: text in UTF-8, else the value itself. */
function plainSql(column: StoredColumn): string {
  const name = quoteIdentifier(column.name);
  if (column.form === "mixed") return mixedSql(name, column.characterSet ?? "");
  const family = sqlFamily(column.sqlType);
  // Otherwise bits and geometries would be compared as numbers or shapes, not as bytes.
  // Functions of text do not accept a VECTOR (9.7, tried).
  if (family === "bit" || family === "geometry" || column.sqlType.startsWith("vector"))
    return `CONVERT(${name} USING binary)`;
  if (column.form === "member") return `CAST(${name} AS UNSIGNED)`;
  if (column.form !== "text") return name;
  // Zeros in front of a number would make it another text.
  if (column.sqlType.includes("zerofill")) return `(${name} + 0)`;
  // MariaDB's UUIDs and addresses are bytes until they are cast.
  if (family === "named") return `CAST(${name} AS CHAR)`;
  return column.isRecoded === true || family === "json" ? `CONVERT(${name} USING utf8mb4)` : name;
}

/** Returns SQL for text in UTF-8 if converting it back gives the same bytes, else for the bytes. */
function mixedSql(name: string, characterSet: string): string {
  const text = `CONVERT(${name} USING utf8mb4)`;
  const bytes = `CONVERT(${name} USING binary)`;
  const isExact = `${backAgainSql(name, characterSet)} = ${bytes}`;
  return `IF(${isExact}, CONCAT('${TEXT_MARK}', CONVERT(${text} USING binary)), CONCAT('${BYTES_MARK}', ${bytes}))`;
}

/** Returns SQL for the canonical bytes of a column's value, as `RowHasher` makes them of its cell. */
export function valueSql(column: StoredColumn): string {
  switch (column.form) {
    case "text":
    case "member":
      // Not CAST, which returns NULL for a value above max_allowed_packet (MariaDB 10.11, tried).
      return `CONVERT(${plainSql(column)} USING binary)`;
    case "binary":
    case "mixed":
      return plainSql(column);
    case "double":
      // A point's well-known binary: byte order, type, then x as its eight bytes, little-endian on both
      // servers.
      return `SUBSTRING(ST_AsWKB(POINT(${plainSql(column)}, 0)), 6, 8)`;
  }
}

/** Returns SQL for the number of canonical bytes of a value. */
export function valueLengthSql(column: StoredColumn): string {
  return column.form === "double" ? "8" : `LENGTH(${plainSql(column)})`;
}

/** Returns SQL for the hash of a value's canonical bytes. */
export function valueHashSql(column: StoredColumn): string {
  return `SHA2(${column.form === "double" ? valueSql(column) : plainSql(column)}, 256)`;
}

/**
 * Character sets that hold halves of characters, which MariaDB converts to bytes that are not UTF-8
 * (10.11, tried). UTF-16 holds none.
 */
const WITH_HALVES: ReadonlySet<string> = new Set(["ucs2", "utf32"]);

/**
 * Returns SQL for the bytes that remain of `text`, an expression of this character set, after
 * conversion to UTF-8 and back.
 */
export function backAgainSql(text: string, characterSet: string): string {
  const whole = WITH_HALVES.has(characterSet.toLowerCase()) ? `CONVERT(${text} USING utf16)` : text;
  return `CONVERT(CONVERT(CONVERT(${whole} USING utf8mb4) USING ${characterSet}) USING binary)`;
}
