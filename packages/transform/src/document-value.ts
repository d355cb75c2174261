import { decimalParts, isUuidContent, LineFields, stringOf, WRAPPERS, type Kind } from "@firebreak/archive";
import type { CommentKind } from "./column-comments.ts";

/** Digits of a Decimal128 (IEEE 754-2008, 3.5). */
const DECIMAL128_DIGITS = 34;

/** Below this exponent of its first digit a Decimal128 is spelled with a power of ten. */
const LEAST_PLAIN_EXPONENT = -6;

const reader = new LineFields();

/**
 * The value, as a document's line has it, that a cell of a generic table stands
 * for; undefined where the cell holds what no value of that kind makes.
 *
 * @param kind of the column. @param found @param content @param text of the field in the row's line, which has no NULL.
 */
export function documentValue(
  kind: Exclude<CommentKind, "extra">,
  found: Kind,
  content: string,
  text: string,
): string | undefined {
  switch (kind) {
    case "int32":
      return found === "int32" ? text : undefined;
    case "int64":
      return found === "int64" ? text : undefined;
    case "wideInt32":
      return found === "int64" ? wideInt32Value(content, text) : undefined;
    case "double":
      return found === "double" ? text : undefined;
    case "string":
      return found === "string" ? text : undefined;
    case "date":
      return found === "date" ? text : undefined;
    case "binary":
      return found === "binary" ? text : undefined;
    case "uuid":
    case "uuidLegacy": {
      const isUuid = found === "binary" && isUuidContent(content, 0, content.length);
      return isUuid ? `${WRAPPERS[kind].start}${content}${WRAPPERS[kind].end}` : undefined;
    }
    case "decimal":
      return found === "decimal" || found === "string" ? decimalValue(content) : undefined;
    case "boolean":
      return found === "int32" && (content === "0" || content === "1") ? String(content === "1") : undefined;
    case "objectId":
      return found === "string" && /^[0-9a-f]{24}$/.test(content) ? `{"$oid":"${content}"}` : undefined;
    case "nested": {
      const value = found === "string" ? stringOf(content) : "";
      return /^[{[]/.test(value) && isOneValue(value) ? value : undefined;
    }
    case "keyText": {
      const value = found === "string" ? stringOf(content) : "";
      return isOneValue(value) ? value : undefined;
    }
  }
}

/** Int32 where it is one; larger values came later, and are Int64. */
function wideInt32Value(content: string, text: string): string {
  const value = Number(content);
  return value >= -(2 ** 31) && value < 2 ** 31 ? `{"$numberInt":"${content}"}` : text;
}

/** Whether a text would not end its field and begin another; what kind of value it is is looked at with the document. */
function isOneValue(text: string): boolean {
  const line = `{"v":${text}}`;
  try {
    reader.read(line, 0, line.length);
  } catch {
    return false;
  }
  return reader.count === 1;
}

/** A DECIMAL without the zeros at its end, which are the column's and not the value's. */
function decimalValue(content: string): string | undefined {
  const parts = decimalParts(content);
  if (parts === undefined || parts.digits.length > DECIMAL128_DIGITS) return undefined;
  const { isNegative, digits, exponent } = parts;
  const spelling = decimalSpelling(digits === "" ? "0" : digits, exponent);
  return `{"$numberDecimal":"${isNegative && digits !== "" ? "-" : ""}${spelling}"}`;
}

/** As a Decimal128 is spelled (its specification, "to-scientific-string"); whole numbers without a power where 34 digits do. */
function decimalSpelling(digits: string, exponent: number): string {
  if (exponent >= 0 && digits.length + exponent <= DECIMAL128_DIGITS) return digits + "0".repeat(exponent);
  const first = digits.length - 1 + exponent;
  if (exponent > 0 || first < LEAST_PLAIN_EXPONENT) {
    const mantissa = digits.length === 1 ? digits : `${digits[0]!}.${digits.slice(1)}`;
    return `${mantissa}E${first < 0 ? "-" : "+"}${Math.abs(first)}`;
  }
  const padded = digits.padStart(1 - exponent, "0");
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
