import {
  decimalParts,
  integerDigitsOf,
  plainDecimal,
  scaleOf,
  stringOf,
  type Fields,
  type Kind,
} from "@firebreak/archive";
import { base64Length } from "@firebreak/items";
import { MAX_VARCHAR, type ColumnRule } from "../ddl/column-rule.ts";
import { momentText } from "./moment-text.ts";

/**
 * The first and last moment that DATETIME holds, to the millisecond (both servers store years from 1, tried).
 */
const FIRST_DATE_MS: number = Date.parse("0001-01-01T00:00:00.000Z");
const LAST_DATE_MS: number = Date.parse("9999-12-31T23:59:59.999Z");

const MINUS = 0x2d;

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
  return kind === "int32" || kind === "int64" || kind === "decimal" ? fitDecimal(content, rule) : undefined;
}

/** Returns a decimal as a DECIMAL of these digits has it; undefined if that would be another number. */
export function fitDecimal(
  content: string,
  { precision, scale }: { readonly precision: number; readonly scale: number },
  isUnsigned = false,
): string | undefined {
  const parts = decimalParts(content);
  // A DECIMAL has no negative zero.
  if (parts === undefined || (parts.isNegative && (parts.digits === "" || isUnsigned))) return undefined;
  const isFit = scaleOf(parts) <= scale && integerDigitsOf(parts) <= precision - scale;
  return isFit ? plainDecimal(parts, scale) : undefined;
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

/**
 * True if both servers hold a Double in a DOUBLE column: it is finite and not -0, which MariaDB turns into 0.
 */
export function isPlainDouble(text: string): boolean {
  return text !== "-0.0" && Number.isFinite(Number(text));
}

/** True if a double holds the integer exactly. It does so up to 2^53. */
export function isExactAsDouble(integerText: string): boolean {
  if (integerText.length < 16) return true;
  if (integerText.length > 17) return false;
  return Math.abs(Number(integerText)) < 9007199254740992 || /^-?9007199254740992$/.test(integerText);
}

export function isDateInReach(text: string): boolean {
  // The length alone decides for dates up to the year 5138.
  if (text.length < 15 && text.charCodeAt(0) !== MINUS) return true;
  const ms = Number(text);
  return ms >= FIRST_DATE_MS && ms <= LAST_DATE_MS;
}

/**
 * Counts the characters of byte text as MySQL does, in code points: all bytes but UTF-8 continuation bytes.
 */
export function characterCount(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xc0) === 0x80) count--;
  return count;
}
