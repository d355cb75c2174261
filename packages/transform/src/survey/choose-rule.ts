import { type ColumnRule, MAX_VARBINARY } from "@firebreak/mysql-format";
import { MAX_DECIMAL_DIGITS, type FieldSurvey } from "./field-survey.ts";
import {
  digitsBeforePoint,
  isNearInt32Limit,
  lobBytes,
  varbinaryLength,
  varcharLength,
  type Room,
} from "./headroom.ts";

type Family =
  | "number"
  | "string"
  | "date"
  | "objectId"
  | "boolean"
  | "binary"
  | "uuid"
  | "uuidLegacy"
  | "nested";

/** Chooses the column for the commonest kind of a field's values. Undefined if no column can hold any. */
export function chooseRule(survey: FieldSurvey, room: Room): ColumnRule | undefined {
  const family = commonestFamily(survey);
  return family === undefined ? undefined : ruleOf(family, survey, room);
}

/**
 * Chooses the column for the `_id`, without room. It is typed if all values are of one kind that fits a key.
 * Otherwise it holds their text.
 */
export function chooseKeyRule(survey: FieldSurvey | undefined): ColumnRule {
  const families = survey === undefined ? [] : familyCounts(survey).filter(([, count]) => count > 0);
  const [only] = families;
  const kinds: FieldSurvey["kinds"] = survey?.kinds ?? {};
  const isOneKind = families.length === 1 && (kinds.null ?? 0) === 0 && (kinds.other ?? 0) === 0;
  if (survey === undefined || only === undefined || !isOneKind || only[0] === "nested" || survey.unfit > 0)
    return { kind: "keyText" };
  const rule = ruleOf(only[0], survey, "none");
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
    ["uuid", count("uuid")],
    ["uuidLegacy", count("uuidLegacy")],
    ["nested", count("nested")],
  ];
}

function commonestFamily(survey: FieldSurvey): Family | undefined {
  let best: [Family, number] | undefined;
  for (const entry of familyCounts(survey)) if (entry[1] > (best?.[1] ?? 0)) best = entry;
  return best?.[0];
}

/** Returns the rule of the column that holds the values of a family, as far as one column can. */
export function ruleOf(family: Family, survey: FieldSurvey, room: Room): ColumnRule {
  switch (family) {
    case "number":
      return numberRule(survey, room);
    case "string": {
      const { maxCharacters, maxBytes } = survey;
      const length = varcharLength(maxCharacters, room);
      return length === undefined
        ? { kind: "string", maxBytes: lobBytes(maxBytes, room) }
        : { kind: "string", maxCharacters: length };
    }
    case "binary": {
      const { maxBinaryBytes } = survey;
      const length = varbinaryLength(maxBinaryBytes, room);
      return {
        kind: "binary",
        maxBytes: length ?? Math.max(lobBytes(maxBinaryBytes, room), MAX_VARBINARY + 1),
      };
    }
    case "date":
    case "objectId":
    case "boolean":
    case "uuid":
    case "uuidLegacy":
    case "nested":
      return { kind: family };
  }
}

/**
 * Chooses between DOUBLE and DECIMAL, which cannot share a column exactly. The commoner kind gets the column,
 * and integers join it.
 */
function numberRule(survey: FieldSurvey, room: Room): ColumnRule {
  const { kinds, maxScale } = survey;
  const doubles = kinds.double ?? 0;
  const decimals = kinds.decimal ?? 0;
  if (decimals > 0 && decimals >= doubles) {
    const most = MAX_DECIMAL_DIGITS - maxScale;
    const whole = Math.max(1, wholeDigits(survey, maxScale, most));
    return { kind: "decimal", precision: digitsBeforePoint(whole, most, room) + maxScale, scale: maxScale };
  }
  if (doubles > 0) return { kind: "double" };
  if ((kinds.int64 ?? 0) > 0) return { kind: "integer", bits: 64 };
  const isNear = room !== "none" && isNearInt32Limit(survey.maxInt32Magnitude);
  return isNear ? { kind: "integer", bits: 64, valueBits: 32 } : { kind: "integer", bits: 32 };
}

function holdsAllDecimals(rule: { precision: number; scale: number }, survey: FieldSurvey): boolean {
  const most = survey.leastScales.findLastIndex((least) => least !== undefined);
  return most <= rule.precision - rule.scale;
}

/** Returns the most digits before the point, up to a limit, of numbers with at most `scale` decimals. */
export function wholeDigits(
  { leastScales, maxIntegerDigits }: FieldSurvey,
  scale: number,
  most: number,
): number {
  const ofDecimals = leastScales.findLastIndex(
    (least, digits) => least !== undefined && least <= scale && digits <= most,
  );
  return Math.max(ofDecimals, Math.min(maxIntegerDigits, most));
}
