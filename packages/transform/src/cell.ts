import { decimalParts, integerDigitsOf, plainDecimal, scaleOf } from "./decimal-parts.ts";
import type { ColumnRule } from "./column-plan.ts";
import { isDateInReach, isExactAsDouble, isPlainDouble } from "./field-survey.ts";
import { base64Bytes, base64Of, dateText, kindOf, wrapped, type Value } from "./kinds.ts";

/**
 * The CSV cell of a value under a column's rule; undefined where the column
 * cannot hold it exactly. Every rule checks for itself: the survey chose the
 * rule, but nothing is cut because the survey forgot a value.
 *
 * @param text the value as canonical Extended JSON.
 */
export function cellOf(rule: ColumnRule, value: Value, text: () => string): string | undefined {
  const kind = kindOf(value);
  switch (rule.kind) {
    case "integer":
      if (kind === "int32") return wrapped(value, "$numberInt");
      return kind === "int64" && rule.bits === 64 ? wrapped(value, "$numberLong") : undefined;
    case "double":
      return doubleCell(value);
    case "decimal":
      return decimalCell(rule, value);
    case "boolean":
      return kind === "boolean" ? (value === true ? "1" : "0") : undefined;
    case "string":
      return kind === "string" && fitsString(rule, value as string) ? (value as string) : undefined;
    case "date":
      return kind === "date" && isDateInReach(dateText(value))
        ? datetimeText(Number(dateText(value)))
        : undefined;
    case "objectId":
      return kind === "objectId" ? wrapped(value, "$oid") : undefined;
    case "binary":
      return kind === "binary" && base64Bytes(base64Of(value)) <= rule.maxBytes ? base64Of(value) : undefined;
    case "nested":
      return kind === "nested" ? text() : undefined;
    case "keyText":
      return text();
    case "extra":
      return undefined;
  }
}

function doubleCell(value: Value): string | undefined {
  switch (kindOf(value)) {
    case "int32":
      return wrapped(value, "$numberInt");
    case "int64":
      return isExactAsDouble(wrapped(value, "$numberLong")) ? wrapped(value, "$numberLong") : undefined;
    case "double": {
      const text = wrapped(value, "$numberDouble");
      return isPlainDouble(text) ? text : undefined;
    }
    default:
      return undefined;
  }
}

function decimalCell(rule: { precision: number; scale: number }, value: Value): string | undefined {
  const kind = kindOf(value);
  if (kind !== "int32" && kind !== "int64" && kind !== "decimal") return undefined;
  const name = kind === "int32" ? "$numberInt" : kind === "int64" ? "$numberLong" : "$numberDecimal";
  const parts = decimalParts(wrapped(value, name));
  if (parts === undefined || (parts.isNegative && parts.digits === "")) return undefined;
  const isFit = scaleOf(parts) <= rule.scale && integerDigitsOf(parts) <= rule.precision - rule.scale;
  return isFit ? plainDecimal(parts, rule.scale) : undefined;
}

function fitsString(rule: { maxCharacters?: number; maxBytes?: number }, text: string): boolean {
  if (rule.maxCharacters !== undefined) return text.length <= rule.maxCharacters;
  return text.length * 3 <= 65_535 || Buffer.byteLength(text) <= familyLimit(rule.maxBytes ?? 0);
}

function familyLimit(maxBytes: number): number {
  if (maxBytes <= 65_535) return 65_535;
  return maxBytes <= 16_777_215 ? 16_777_215 : 4_294_967_295;
}

/** UTC, as both servers write a DATETIME(3). */
function datetimeText(ms: number): string {
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}`;
}
