/**
 * The kind of a value, as far as columns care. `nested` is a sub-document or an array; `uuid` and
 * `uuidLegacy` are Binary of 16 bytes and of subtype 4 and 3; `other` has no column: Timestamp, Regex, Code,
 * Symbol, DBPointer, MinKey, MaxKey, Undefined, and every other Binary except subtype 0.
 */
export type Kind =
  | "null"
  | "int32"
  | "int64"
  | "double"
  | "decimal"
  | "boolean"
  | "string"
  | "date"
  | "objectId"
  | "binary"
  | "uuid"
  | "uuidLegacy"
  | "nested"
  | "other";

/** The kinds whose text is a content, without quotes, between two fixed texts. */
export type WrappedKind =
  | "int32"
  | "int64"
  | "double"
  | "decimal"
  | "objectId"
  | "date"
  | "binary"
  | "uuid"
  | "uuidLegacy";

/** The texts of canonical Extended JSON around the content of a value. */
export const WRAPPERS: Readonly<Record<WrappedKind, { readonly start: string; readonly end: string }>> = {
  int32: { start: '{"$numberInt":"', end: '"}' },
  int64: { start: '{"$numberLong":"', end: '"}' },
  double: { start: '{"$numberDouble":"', end: '"}' },
  decimal: { start: '{"$numberDecimal":"', end: '"}' },
  objectId: { start: '{"$oid":"', end: '"}' },
  date: { start: '{"$date":{"$numberLong":"', end: '"}}' },
  binary: { start: '{"$binary":{"base64":"', end: '","subType":"00"}}' },
  uuid: { start: '{"$binary":{"base64":"', end: '","subType":"04"}}' },
  uuidLegacy: { start: '{"$binary":{"base64":"', end: '","subType":"03"}}' },
};

/** The number of letters of 16 bytes in base64; the last two of them are padding. */
const UUID_LETTERS = 24;
const EQUALS_SIGN = 0x3d;

const OTHER_WRAPPERS = [
  '{"$binary":',
  '{"$symbol":',
  '{"$code":',
  '{"$timestamp":',
  '{"$regularExpression":',
  '{"$dbPointer":',
  '{"$minKey":',
  '{"$maxKey":',
  '{"$undefined":',
] as const;

/**
 * Returns the kind of a value from its byte text. A real sub-document never begins with a wrapper's name,
 * because its document would be a raw line.
 */
export function kindOf(text: string): Kind {
  switch (text[0]) {
    case '"':
      return "string";
    case "t":
    case "f":
      return "boolean";
    case "n":
      return "null";
    case "[":
      return "nested";
    default:
      return text.startsWith('{"$') ? wrappedKind(text) : "nested";
  }
}

/**
 * Returns the content of a value's text. For a wrapped kind that is digits, hex digits, base64, or
 * milliseconds since 1970; for a string it is the text between its quotes; else the whole text.
 */
export function contentOf(text: string, kind: Kind): string {
  if (kind === "string") return text.slice(1, -1);
  if (!isWrapped(kind)) return text;
  const { start, end } = WRAPPERS[kind];
  return text.slice(start.length, text.length - end.length);
}

/** Returns true if the base64 text from `start` to `end` encodes exactly 16 bytes. */
export function isUuidContent(block: string, start: number, end: number): boolean {
  return end - start === UUID_LETTERS && block.charCodeAt(end - 2) === EQUALS_SIGN;
}

export function isWrapped(kind: Kind): kind is WrappedKind {
  return Object.hasOwn(WRAPPERS, kind);
}

function wrappedKind(text: string): Kind {
  // The fourth letter tells nearly all kinds apart; the comparison of the whole start decides.
  switch (text[3]) {
    case "n":
      if (text.startsWith(WRAPPERS.int32.start)) return "int32";
      if (text.startsWith(WRAPPERS.int64.start)) return "int64";
      if (text.startsWith(WRAPPERS.double.start)) return "double";
      return text.startsWith(WRAPPERS.decimal.start) ? "decimal" : "nested";
    case "o":
      return text.startsWith(WRAPPERS.objectId.start) ? "objectId" : "nested";
    case "d":
      if (text.startsWith(WRAPPERS.date.start)) return "date";
      break;
    case "b":
      if (text.startsWith(WRAPPERS.binary.start)) return binaryKind(text);
      break;
    default:
      break;
  }
  return OTHER_WRAPPERS.some((start) => text.startsWith(start)) ? "other" : "nested";
}

function binaryKind(text: string): Kind {
  const { start, end } = WRAPPERS.binary;
  if (text.endsWith(end)) return "binary";
  if (!isUuidContent(text, start.length, text.length - end.length)) return "other";
  if (text.endsWith(WRAPPERS.uuid.end)) return "uuid";
  return text.endsWith(WRAPPERS.uuidLegacy.end) ? "uuidLegacy" : "other";
}
