import { base64Length } from "@firebreak/items";
import { characterCount, isDateInReach, isExactAsDouble, isPlainDouble } from "@firebreak/mysql-format";
import { decimalParts, integerDigitsOf, scaleOf, stringOf, type Kind, entriesOf } from "@firebreak/archive";
import { NEAR_INT32_DIGITS } from "./headroom.ts";

const MINUS = 0x2d;

export const MAX_DECIMAL_DIGITS = 65;
export const MAX_DECIMAL_SCALE = 30;

/** A summary of one top-level field's values in all documents seen, as plain data that can cross threads. */
export interface FieldSurvey {
  kinds: Partial<Record<Kind, number>>;
  /** The number of values that no column of their kind holds: NaN, infinities, -0, dates out of range. */
  unfit: number;
  /** The number of Int64 values beyond ±2^53. */
  beyondDouble: number;
  /** The length of the longest string in code points, as MySQL counts characters. */
  maxCharacters: number;
  /** The length of the longest string in bytes. */
  maxBytes: number;
  maxBinaryBytes: number;
  /** The number of digits of the longest integer, without its sign. */
  maxIntegerDigits: number;
  /** The magnitude of the largest Int32 that may be near the limit, or 0 if all are shorter. */
  maxInt32Magnitude: number;
  maxScale: number;
  /** The least scale of decimals, indexed by their number of digits before the point. */
  leastScales: (number | undefined)[];
}

export function emptyFieldSurvey(): FieldSurvey {
  return {
    kinds: {},
    unfit: 0,
    beyondDouble: 0,
    maxCharacters: 0,
    maxBytes: 0,
    maxBinaryBytes: 0,
    maxIntegerDigits: 0,
    maxInt32Magnitude: 0,
    maxScale: 0,
    leastScales: [],
  };
}

/** Adds one value to the survey, with its content as `contentOf` returns it. */
export function surveyValue(survey: FieldSurvey, kind: Kind, content: string): void {
  const { kinds } = survey;
  // Each kind is written out, because V8 has to search for a property whose name is in a variable every time.
  switch (kind) {
    case "string":
      kinds.string = (kinds.string ?? 0) + 1;
      surveyText(survey, content);
      break;
    case "binary":
      kinds.binary = (kinds.binary ?? 0) + 1;
      survey.maxBinaryBytes = Math.max(survey.maxBinaryBytes, base64Length(content));
      break;
    case "int32":
      kinds.int32 = (kinds.int32 ?? 0) + 1;
      surveyInteger(survey, content);
      if (content.length >= NEAR_INT32_DIGITS)
        survey.maxInt32Magnitude = Math.max(survey.maxInt32Magnitude, Math.abs(Number(content)));
      break;
    case "int64":
      kinds.int64 = (kinds.int64 ?? 0) + 1;
      surveyInteger(survey, content);
      if (!isExactAsDouble(content)) survey.beyondDouble++;
      break;
    case "double":
      kinds.double = (kinds.double ?? 0) + 1;
      if (!isPlainDouble(content)) survey.unfit++;
      break;
    case "decimal":
      kinds.decimal = (kinds.decimal ?? 0) + 1;
      surveyDecimal(survey, content);
      break;
    case "date":
      kinds.date = (kinds.date ?? 0) + 1;
      if (!isDateInReach(content)) survey.unfit++;
      break;
    case "null":
    case "boolean":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "other":
      kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
}

/** Adds what another survey saw. */
export function mergeFieldSurvey(into: FieldSurvey, other: FieldSurvey): void {
  for (const [kind, count] of entriesOf(other.kinds)) into.kinds[kind] = (into.kinds[kind] ?? 0) + count;
  into.unfit += other.unfit;
  into.beyondDouble += other.beyondDouble;
  for (const field of [
    "maxCharacters",
    "maxBytes",
    "maxBinaryBytes",
    "maxIntegerDigits",
    "maxInt32Magnitude",
    "maxScale",
  ] as const)
    into[field] = Math.max(into[field], other[field]);
  other.leastScales.forEach((scale, digits) => {
    if (scale !== undefined) noteScale(into, digits, scale);
  });
}

function surveyInteger(survey: FieldSurvey, content: string): void {
  const digits = content.charCodeAt(0) === MINUS ? content.length - 1 : content.length;
  if (digits > survey.maxIntegerDigits) survey.maxIntegerDigits = digits;
}

function surveyText(survey: FieldSurvey, content: string): void {
  // Escapes make the content longer than the string, so only a possible new maximum is decoded.
  if (content.length <= survey.maxCharacters) return;
  const string = stringOf(content);
  const characters = characterCount(string);
  if (characters > survey.maxCharacters) survey.maxCharacters = characters;
  if (string.length > survey.maxBytes) survey.maxBytes = string.length;
}

function surveyDecimal(survey: FieldSurvey, text: string): void {
  const parts = decimalParts(text);
  const scale = parts === undefined ? 0 : scaleOf(parts);
  const whole = parts === undefined ? 0 : integerDigitsOf(parts);
  const isFit =
    parts !== undefined &&
    !(parts.isNegative && parts.digits === "") &&
    scale <= MAX_DECIMAL_SCALE &&
    whole <= MAX_DECIMAL_DIGITS;
  if (!isFit) {
    survey.unfit++;
    return;
  }
  survey.maxScale = Math.max(survey.maxScale, scale);
  noteScale(survey, whole, scale);
}

function noteScale({ leastScales }: FieldSurvey, digits: number, scale: number): void {
  leastScales[digits] = Math.min(leastScales[digits] ?? scale, scale);
}
