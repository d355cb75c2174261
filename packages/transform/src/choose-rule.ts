import type { ColumnRule } from "./column-plan.ts";
import { MAX_VARBINARY, MAX_VARCHAR } from "./column-plan.ts";
import { MAX_DECIMAL_DIGITS, type FieldSurvey } from "./field-survey.ts";

/** Lengths that VARCHAR and VARBINARY columns have: some room, and schemas that look alike. */
const LENGTHS = [16, 32, 64, 128, 255, 512, MAX_VARCHAR] as const;

type Family = "number" | "string" | "date" | "objectId" | "boolean" | "binary" | "nested";

/** The column of the commonest kind of a field's values; undefined where none of them has a column. */
export function chooseRule(survey: FieldSurvey): ColumnRule | undefined {
  const family = commonestFamily(survey);
  return family === undefined ? undefined : ruleOf(family, survey);
}

/** The column of the `_id`: typed where all values are of one kind that fits a key, else their text. */
export function chooseKeyRule(survey: FieldSurvey | undefined): ColumnRule {
  const families = survey === undefined ? [] : familyCounts(survey).filter(([, count]) => count > 0);
  const [only] = families;
  const kinds: FieldSurvey["kinds"] = survey?.kinds ?? {};
  const isOneKind = families.length === 1 && (kinds.null ?? 0) === 0 && (kinds.other ?? 0) === 0;
  if (survey === undefined || only === undefined || !isOneKind || only[0] === "nested" || survey.unfit > 0)
    return { kind: "keyText" };
  const rule = ruleOf(only[0], survey);
  switch (rule.kind) {
    case "string":
      return rule.maxCharacters === undefined ? { kind: "keyText" } : rule;
    case "binary":
      return rule.maxBytes > MAX_VARBINARY ? { kind: "keyText" } : rule;
    case "double":
      return survey.beyondDouble > 0 || (kinds.decimal ?? 0) > 0 ? { kind: "keyText" } : rule;
    case "decimal":
      return (kinds.double ?? 0) > 0 || !holdsAllDecimals(rule, survey) ? { kind: "keyText" } : rule;
    default:
      return rule;
  }
}

function familyCounts({ kinds }: FieldSurvey): [Family, number][] {
  const count = (kind: keyof typeof kinds): number => kinds[kind] ?? 0;
  return [
    ["number", count("int32") + count("int64") + count("double") + count("decimal")],
    ["string", count("string")],
    ["date", count("date")],
    ["objectId", count("objectId")],
    ["boolean", count("boolean")],
    ["binary", count("binary")],
    ["nested", count("nested")],
  ];
}

function commonestFamily(survey: FieldSurvey): Family | undefined {
  let best: [Family, number] | undefined;
  for (const entry of familyCounts(survey)) if (entry[1] > (best?.[1] ?? 0)) best = entry;
  return best?.[0];
}

/** Returns the rule of the column that holds all values of a family as far as one column can. */
export function ruleOf(family: Family, survey: FieldSurvey): ColumnRule {
  switch (family) {
    case "number":
      return numberRule(survey);
    case "string": {
      const length = LENGTHS.find((l) => survey.maxCharacters <= l);
      return length === undefined
        ? { kind: "string", maxBytes: survey.maxBytes }
        : { kind: "string", maxCharacters: length };
    }
    case "binary":
      return {
        kind: "binary",
        maxBytes: LENGTHS.find((l) => survey.maxBinaryBytes <= l) ?? blobBytes(survey.maxBinaryBytes),
      };
    case "date":
    case "objectId":
    case "boolean":
    case "nested":
      return { kind: family };
  }
}

/** Doubles and decimals cannot share a column exactly; the commoner of the two has it, and integers go along. */
function numberRule({ kinds, maxScale, maxIntegerDigits, integerDigits }: FieldSurvey): ColumnRule {
  const doubles = kinds.double ?? 0;
  const decimals = kinds.decimal ?? 0;
  if (decimals > 0 && decimals >= doubles) {
    const room = MAX_DECIMAL_DIGITS - maxScale;
    let whole = Math.max(1, Math.min(maxIntegerDigits, room));
    integerDigits.forEach((seen, count) => {
      if (seen && count <= room) whole = Math.max(whole, count);
    });
    return { kind: "decimal", precision: whole + maxScale, scale: maxScale };
  }
  if (doubles > 0) return { kind: "double" };
  return { kind: "integer", bits: (kinds.int64 ?? 0) > 0 ? 64 : 32 };
}

function holdsAllDecimals(rule: { precision: number; scale: number }, survey: FieldSurvey): boolean {
  return survey.integerDigits.findLastIndex(Boolean) <= rule.precision - rule.scale;
}

/** Above 768 bytes and up to a key's limit the exact length matters to a key only; then come the BLOBs. */
function blobBytes(bytes: number): number {
  return Math.max(bytes, MAX_VARCHAR + 1);
}
