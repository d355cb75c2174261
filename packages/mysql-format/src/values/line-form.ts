import type { SourceColumn } from "@firebreak/archive";

/**
 * The form of a column's values in a line, by its type alone:
 * - `int32` `$numberInt`, `int64` `$numberLong`; `uint64` `$numberLong`, above 2^63-1 `$numberDecimal`.
 * - `decimal` `$numberDecimal` with all digits of the column's scale.
 * - `double` `$numberDouble`; for a FLOAT its exact value.
 * - `date`, `datetime` `$date` in UTC; a string if the value is no instant (`2024-02-31`).
 * - `text` a string, as the server writes it.
 * - `characters` a string, or a Binary of the bytes if UTF-8 does not have all characters.
 * - `member` the number of an ENUM's member or of a SET's bits: `$numberInt` up to 2^31-1, `$numberLong` up
 *   to 2^63-1, then `$numberDecimal`; a string if the member's name is not as its type shows it.
 * - `binary` a Binary of subtype 0.
 *
 * NULL is null in any form.
 */
export type LineForm =
  | "int32"
  | "int64"
  | "uint64"
  | "decimal"
  | "double"
  | "date"
  | "datetime"
  | "text"
  | "characters"
  | "member"
  | "binary";

/** The most digits of a Decimal128. */
const DECIMAL_DIGITS = 34;
/** The digits of a second's fraction in a date. */
const DATE_FRACTION = 3;

/**
 * Returns a column's form by its `data_type` in information_schema.columns (manual, 13; MariaDB: Data Types).
 */
export function lineFormOf(
  column: Pick<SourceColumn, "dataType" | "sqlType" | "precision" | "fraction" | "isNumbered">,
): LineForm {
  const isUnsigned = /\bunsigned\b/i.test(column.sqlType);
  switch (column.dataType.toLowerCase()) {
    case "tinyint":
    case "smallint":
    case "mediumint":
      return "int32";
    case "int":
      return isUnsigned ? "int64" : "int32";
    case "bigint":
      return isUnsigned ? "uint64" : "int64";
    case "decimal":
      return (column.precision ?? DECIMAL_DIGITS + 1) <= DECIMAL_DIGITS ? "decimal" : "text";
    case "float":
    case "double":
      return "double";
    case "date":
      return "date";
    case "datetime":
    case "timestamp":
      return (column.fraction ?? 0) <= DATE_FRACTION ? "datetime" : "text";
    case "char":
    case "varchar":
    case "tinytext":
    case "text":
    case "mediumtext":
    case "longtext":
    case "json":
      return "characters";
    case "enum":
    case "set":
      return column.isNumbered === true ? "member" : "characters";
    case "time":
    case "year":
    case "uuid":
    case "inet4":
    case "inet6":
      return "text";
    default:
      return "binary";
  }
}
