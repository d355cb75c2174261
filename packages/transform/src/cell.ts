import { base64Length, stringOf, type Kind } from "@firebreak/archive";
import type { ColumnRule } from "./column-plan.ts";
import { decimalParts, integerDigitsOf, plainDecimal, scaleOf } from "./decimal-parts.ts";
import { characterCount, isDateInReach, isExactAsDouble, isPlainDouble } from "./field-survey.ts";
import { type Fields } from "@firebreak/archive";

/**
 * The CSV cell, in byte text, of a field's value under a column's rule; undefined
 * where the column cannot hold it exactly. Every rule checks for itself: the
 * survey chose the rule, but nothing is cut because the survey forgot a value.
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
    case "binary":
      return kind === "binary" ? binaryCell(rule, content) : undefined;
    case "nested":
      return kind === "nested" ? content : undefined;
    case "keyText":
      return fields.text(i);
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
  if (rule.maxCharacters !== undefined) {
    const isFit = text.length <= rule.maxCharacters || characterCount(text) <= rule.maxCharacters;
    return isFit ? text : undefined;
  }
  return text.length <= familyLimit(rule.maxBytes ?? 0) ? text : undefined;
}

function binaryCell(rule: { maxBytes: number }, base64: string): string | undefined {
  return base64Length(base64) <= rule.maxBytes ? base64 : undefined;
}

function familyLimit(maxBytes: number): number {
  if (maxBytes <= 65_535) return 65_535;
  return maxBytes <= 16_777_215 ? 16_777_215 : 4_294_967_295;
}

const DAY_MS = 86_400_000;
let lastDay = Number.NaN;
let lastDate = "";

/** UTC, as both servers write a DATETIME(3). Documents of one part are often of one day, whose date is kept. */
function datetimeCell(milliseconds: string): string | undefined {
  if (!isDateInReach(milliseconds)) return undefined;
  const ms = Number(milliseconds);
  const day = Math.floor(ms / DAY_MS);
  if (day !== lastDay) {
    lastDay = day;
    lastDate = new Date(ms).toISOString().slice(0, 10);
  }
  const time = ms - day * DAY_MS;
  const seconds = Math.floor(time / 1000);
  const minutes = Math.floor(seconds / 60);
  const digits = (value: number): string => (value < 10 ? `0${value}` : `${value}`);
  return `${lastDate} ${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}:${digits(seconds % 60)}.${String(time % 1000).padStart(3, "0")}`;
}
