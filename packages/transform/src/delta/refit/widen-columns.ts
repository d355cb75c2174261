import {
  capacityOf,
  indexColumns,
  isLob,
  MAX_VARBINARY,
  type ColumnPlan,
  type ColumnRule,
} from "@firebreak/mysql-format";
import { wholeDigits } from "../../survey/choose-rule.ts";
import type { CollectionSurvey } from "../../survey/collection-survey.ts";
import { MAX_DECIMAL_DIGITS, type FieldSurvey } from "../../survey/field-survey.ts";
import { fitsPage, fitsRow } from "../../tables/fit-row.ts";
import {
  digitsBeforePoint,
  lobBytes,
  varbinaryLength,
  varcharLength,
  type Room,
} from "../../survey/headroom.ts";
import { fitsIndex } from "../../tables/index-plan.ts";
import { widenKey } from "./widen-key.ts";

/** The rooms to try: all of it if the table allows that, otherwise none. */
const ROOMS: readonly Room[] = ["full", "none"];

/** The least size of a BLOB. A smaller one would be planned as a VARBINARY. */
const LEAST_BLOB = MAX_VARBINARY + 1;

/**
 * Widens the columns of a table for new documents: greater lengths, a larger integer type, or more digits
 * before the point, as far as the table's rows and indexes allow. Values that fit no widened column stay in
 * `_extra`. A document whose key does not fit goes to quarantine.
 *
 * @param columns the columns: the key first, which gets no room, and `_extra` last.
 * @param survey the survey of the new documents.
 * @param statements the statements that made the table's indexes.
 */
export function widenColumns(
  columns: readonly ColumnPlan[],
  survey: CollectionSurvey,
  statements: readonly string[],
): ColumnPlan[] {
  let widened = [...columns];
  for (const [i, column] of columns.entries()) {
    const { name, rule } = column;
    const field = survey.fields.get(name);
    if (field === undefined) continue;
    const rules = i === 0 ? [widenKey(rule, field)] : widerRules(rule, field);
    const candidates = rules.map((wider) => widened.with(i, { name, rule: wider }));
    widened = candidates.find((all) => fitsTable(all, column, statements)) ?? widened;
  }
  return widened;
}

function fitsTable(
  columns: readonly ColumnPlan[],
  { name }: ColumnPlan,
  statements: readonly string[],
): boolean {
  const stored = columns.slice(0, -1);
  const own = statements.filter((statement) => indexColumns(statement).some((c) => c.name === name));
  // A long key need not fit the page at its greatest length. Most rows fit, and the others are refused one by
  // one.
  const isKey = columns[0]!.name === name;
  return (isKey || fitsPage(stored)) && fitsRow(stored) && own.every((s) => fitsIndex(s, columns));
}

/**
 * Returns the rules that hold everything that the given rule holds, and all values of its kind, the one with
 * room first. Returns none if the rule already does.
 */
function widerRules(rule: ColumnRule, field: FieldSurvey): ColumnRule[] {
  switch (rule.kind) {
    case "integer":
      return rule.bits === 32 && (field.kinds.int64 ?? 0) > 0
        ? [{ kind: "integer", bits: 64, valueBits: 32 }]
        : [];
    case "decimal":
      return widerDecimals(rule, field);
    case "string":
      return widerTexts(rule, field);
    case "binary":
      return widerBinaries(rule, field);
    case "double":
    case "boolean":
    case "date":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "keyText":
    case "extra":
      return [];
  }
}

function widerDecimals(rule: Extract<ColumnRule, { kind: "decimal" }>, field: FieldSurvey): ColumnRule[] {
  const { precision, scale } = rule;
  const most = MAX_DECIMAL_DIGITS - scale;
  const digits = wholeDigits(field, scale, most);
  if (digits <= precision - scale) return [];
  return ROOMS.map((room) => ({ ...rule, precision: digitsBeforePoint(digits, most, room) + scale }));
}

function widerTexts(rule: Extract<ColumnRule, { kind: "string" }>, field: FieldSurvey): ColumnRule[] {
  const { maxCharacters } = rule;
  const isHeld =
    maxCharacters === undefined
      ? field.maxBytes <= capacityOf(rule.maxBytes ?? 0)
      : field.maxCharacters <= maxCharacters;
  if (isHeld) return [];
  return ROOMS.map((room) => {
    const length = maxCharacters === undefined ? undefined : varcharLength(field.maxCharacters, room);
    // The TEXT must hold everything that the VARCHAR holds, at four bytes a character.
    const atLeast = 4 * (maxCharacters ?? 0);
    return length === undefined
      ? { kind: "string", maxBytes: Math.max(lobBytes(field.maxBytes, room), atLeast) }
      : { kind: "string", maxCharacters: length };
  });
}

function widerBinaries(rule: Extract<ColumnRule, { kind: "binary" }>, field: FieldSurvey): ColumnRule[] {
  const isBlob = isLob(rule);
  if (field.maxBinaryBytes <= (isBlob ? capacityOf(rule.maxBytes) : rule.maxBytes)) return [];
  return ROOMS.map((room) => {
    const length = isBlob ? undefined : varbinaryLength(field.maxBinaryBytes, room);
    return { kind: "binary", maxBytes: length ?? Math.max(lobBytes(field.maxBinaryBytes, room), LEAST_BLOB) };
  });
}
