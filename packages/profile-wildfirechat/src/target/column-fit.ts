import { isDatetime } from "./server-datetime.ts";
import { integerOf, type FieldValue } from "../documents/field-value.ts";
import type { ColumnFacts } from "@firebreak/archive";

/** The reason why a column cannot store a value unchanged. */
export type Misfit =
  | "type-wrong"
  | "null-refused"
  | "integer-out-of-range"
  | "text-too-long"
  | "text-not-in-charset"
  | "bytes-too-long"
  | "date-out-of-range"
  | "column-type-unknown";

export type ColumnFamily = "integer" | "text" | "bytes" | "datetime" | "double";

export type Fitted =
  | { readonly value: FieldValue; readonly misfit?: undefined }
  | { readonly misfit: Misfit };

/** Bits of MySQL's integers (manual, 11.1.2). */
const INTEGER_BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

/** Bytes of TEXT and BLOB types, used if the facts do not have them (manual, 11.7). */
const FAMILY_BYTES: Readonly<Record<string, number>> = {
  tinytext: 255,
  tinyblob: 255,
  text: 65_535,
  blob: 65_535,
  mediumtext: 16_777_215,
  mediumblob: 16_777_215,
  longtext: 4_294_967_295,
  longblob: 4_294_967_295,
};

/**
 * Returns the family of a column type. Undefined for types that the server does not use (CHAR, BINARY pad).
 */
export function familyOf(type: string): ColumnFamily | undefined {
  if (Object.hasOwn(INTEGER_BITS, type)) return "integer";
  if (type === "varchar" || /^(?:tiny|medium|long)?text$/.test(type)) return "text";
  if (type === "varbinary" || /^(?:tiny|medium|long)?blob$/.test(type)) return "bytes";
  return type === "datetime" || type === "double" ? type : undefined;
}

/**
 * Returns a value exactly as a column stores it, or the reason why that is impossible. Nothing is cut,
 * rounded or converted by force.
 */
export function fitColumn(column: ColumnFacts, value: FieldValue): Fitted {
  if (value === null) return column.isNullable ? { value } : { misfit: "null-refused" };
  switch (familyOf(column.type)) {
    case "integer":
      return fitInteger(column, value);
    case "text":
      return fitText(column, value);
    case "bytes":
      return fitBytes(column, value);
    case "datetime":
      return fitDatetime(value);
    case "double":
      return typeof value === "number" && Number.isFinite(value) ? { value } : { misfit: "type-wrong" };
    case undefined:
      return { misfit: "column-type-unknown" };
  }
}

function fitInteger({ type, isUnsigned }: ColumnFacts, value: FieldValue): Fitted {
  const integer = typeof value === "boolean" ? BigInt(value) : integerOf(value);
  if (integer === undefined) return { misfit: "type-wrong" };
  const bits = INTEGER_BITS[type]!;
  const isInRange = isUnsigned
    ? BigInt.asUintN(bits, integer) === integer
    : BigInt.asIntN(bits, integer) === integer;
  return isInRange ? { value: integer } : { misfit: "integer-out-of-range" };
}

function fitText(column: ColumnFacts, value: FieldValue): Fitted {
  if (typeof value !== "string") return { misfit: "type-wrong" };
  // A lone surrogate has no UTF-8 encoding.
  if (!value.isWellFormed()) return { misfit: "text-not-in-charset" };
  const { characters, bytes = FAMILY_BYTES[column.type] } = column;
  if (characters !== undefined && value.length > characters && characterCount(value) > characters)
    return { misfit: "text-too-long" };
  if (characters === undefined && bytes !== undefined && Buffer.byteLength(value) > bytes)
    return { misfit: "text-too-long" };
  return isInCharset(column.characterSet, value) ? { value } : { misfit: "text-not-in-charset" };
}

/**
 * Checks the character sets of old databases: MySQL's utf8 has three bytes a character. Other sets are
 * treated as ASCII.
 */
function isInCharset(characterSet: string | undefined, value: string): boolean {
  if (characterSet === undefined || characterSet === "utf8mb4") return true;
  if (characterSet === "utf8mb3" || characterSet === "utf8") return !/[\ud800-\udfff]/.test(value);
  return /^[\0-\x7f]*$/.test(value);
}

function fitBytes(column: ColumnFacts, value: FieldValue): Fitted {
  if (!(value instanceof Uint8Array)) return { misfit: "type-wrong" };
  const limit = column.bytes ?? FAMILY_BYTES[column.type];
  return limit === undefined || value.length <= limit ? { value } : { misfit: "bytes-too-long" };
}

function fitDatetime(value: FieldValue): Fitted {
  if (!(value instanceof Date)) return { misfit: "type-wrong" };
  return isDatetime(value.getTime()) ? { value } : { misfit: "date-out-of-range" };
}

function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
