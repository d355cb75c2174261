import { base64Length } from "@firebreak/items";
import {
  decimalParts,
  integerDigitsOf,
  plainDecimal,
  scaleOf,
  stringOf,
  type Fields,
  type Kind,
} from "@firebreak/archive";
import { momentText, MAX_VARCHAR, type ColumnRule } from "@firebreak/mysql-format";
import { characterCount, isDateInReach, isExactAsDouble, isPlainDouble } from "./field-survey.ts";

/**
 * Returns the CSV cell, as byte text, for a field's value under a column's rule. Returns undefined if the
 * column cannot hold the value exactly. Each rule checks the value itself: the survey chose the rule, but a
 * value that the survey forgot must not be cut.
 */
export function cellOf(rule: ColumnRule, fields: Fields, i: number): string | undefined {
  const kind = fields.kinds[i]!;
  const content = fields.contents[i]!;
  switch (rule.kind) {
    case "integer":
      return kind === "int32" || (kind === "int64" && rule.bits === 64) ? content : undefined;
    case "double":
      return doubleCell(kind, content);
    case "decimal":
      return decimalCell(rule, kind, content);
    case "boolean":
      return kind === "boolean" ? (content === "true" ? "1" : "0") : undefined;
    case "string":
      return kind === "string" ? stringCell(rule, stringOf(content)) : undefined;
    case "date":
      return kind === "date" ? datetimeCell(content) : undefined;
    case "objectId":
      return kind === "objectId" ? content : undefined;
    case "uuid":
    case "uuidLegacy":
      return kind === rule.kind ? content : undefined;
    case "binary":
      return kind === "binary" ? binaryCell(rule, content) : undefined;
    case "nested":
      return kind === "nested" ? content : undefined;
    case "keyText":
      return shortText(fields.text(i), MAX_VARCHAR);
    case "extra":
      return undefined;
  }
}

function doubleCell(kind: Kind, content: string): string | undefined {
  if (kind !== "int32" && kind !== "int64" && kind !== "double") return undefined;
  const isExact = kind === "int32" || (kind === "int64" ? isExactAsDouble(content) : isPlainDouble(content));
  return isExact ? content : undefined;
}

function decimalCell(
  rule: { precision: number; scale: number },
  kind: Kind,
  content: string,
): string | undefined {
  if (kind !== "int32" && kind !== "int64" && kind !== "decimal") return undefined;
  const parts = decimalParts(content);
  if (parts === undefined || (parts.isNegative && parts.digits === "")) return undefined;
  const isFit = scaleOf(parts) <= rule.scale && integerDigitsOf(parts) <= rule.precision - rule.scale;
  return isFit ? plainDecimal(parts, rule.scale) : undefined;
}

function stringCell(rule: { maxCharacters?: number; maxBytes?: number }, text: string): string | undefined {
  if (rule.maxCharacters !== undefined) return shortText(text, rule.maxCharacters);
  return text.length <= capacityOf(rule.maxBytes ?? 0) ? text : undefined;
}

function shortText(text: string, maxCharacters: number): string | undefined {
  return text.length <= maxCharacters || characterCount(text) <= maxCharacters ? text : undefined;
}

function binaryCell(rule: { maxBytes: number }, base64: string): string | undefined {
  return base64Length(base64) <= rule.maxBytes ? base64 : undefined;
}

/** Returns the capacity, in bytes, of the smallest TEXT or BLOB type that holds so many bytes. */
export function capacityOf(maxBytes: number): number {
  if (maxBytes <= 65_535) return 65_535;
  return maxBytes <= 16_777_215 ? 16_777_215 : 4_294_967_295;
}

/** Formats a date in UTC, as both servers write a DATETIME(3). */
function datetimeCell(milliseconds: string): string | undefined {
  return isDateInReach(milliseconds) ? momentText(Number(milliseconds), 3) : undefined;
}
