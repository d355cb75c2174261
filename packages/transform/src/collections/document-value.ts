import { decimalParts, isUuidContent, LineFields, stringOf, WRAPPERS, type Kind } from "@firebreak/archive";
import type { CommentKind } from "@firebreak/mysql-format";

/** The digits of a Decimal128 (IEEE 754-2008, 3.5). */
const DECIMAL128_DIGITS = 34;

/** The least exponent of the first digit at which a Decimal128 is spelled without a power of ten. */
const LEAST_PLAIN_EXPONENT = -6;

const reader = new LineFields();

/**
 * Returns the value of a generic table's cell as a document's line spells it. Returns undefined if the cell
 * holds something that no value of that kind produces.
 *
 * @param kind the column's kind.
 * @param found the kind of the field in the row's line; the line has no NULL.
 * @param content the field's content. @param text the field's text.
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

/** Returns an Int32 if the value fits 32 bits. A larger value came later and is an Int64. */
function wideInt32Value(content: string, text: string): string {
  const value = Number(content);
  return value >= -(2 ** 31) && value < 2 ** 31 ? `{"$numberInt":"${content}"}` : text;
}

/**
 * True if the text is one value, which does not end its field and begin another. The kind of the value is
 * checked with the document.
 */
function isOneValue(text: string): boolean {
  const line = `{"v":${text}}`;
  try {
    reader.read(line, 0, line.length);
  } catch {
    return false;
  }
  return reader.count === 1;
}

/** Returns a DECIMAL without its trailing zeros, which belong to the column and not to the value. */
function decimalValue(content: string): string | undefined {
  const parts = decimalParts(content);
  if (parts === undefined || parts.digits.length > DECIMAL128_DIGITS) return undefined;
  const { isNegative, digits, exponent } = parts;
  const spelling = decimalSpelling(digits === "" ? "0" : digits, exponent);
  return `{"$numberDecimal":"${isNegative && digits !== "" ? "-" : ""}${spelling}"}`;
}

/**
 * Spells a number as a Decimal128 (its specification, "to-scientific-string"). Whole numbers have no power of
 * ten if 34 digits suffice.
 */
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
