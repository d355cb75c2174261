import { base64Length, fromByteText, stringOf, type Kind } from "@firebreak/archive";

/** What the values of one top-level field are, over all documents seen; plain data, to cross threads. */
export interface FieldFound {
  /** Documents that have it. */
  documents: number;
  /** How many of them have a value of each kind. */
  readonly kinds: Record<string, number>;
  /** Of strings: code points. */
  characters?: Range;
  /** Of binaries. */
  bytes?: Range;
  /** Of dates and of the moments in ObjectIds: milliseconds since 1970. */
  times?: Range;
}

export interface Range {
  least: number;
  most: number;
}

/** Takes one value, given as `contentOf` has it, into account. */
export function takeValue(field: FieldFound, kind: Kind, content: string): void {
  const name = nameOf(kind, content);
  field.documents++;
  field.kinds[name] = (field.kinds[name] ?? 0) + 1;
  switch (kind) {
    case "string":
      takeString(field, content);
      break;
    case "binary":
      field.bytes = widened(field.bytes, base64Length(content));
      break;
    case "date":
      field.times = widened(field.times, Number(content));
      break;
    case "objectId":
      // The first four bytes are seconds (MongoDB's manual, BSON types, ObjectId).
      field.times = widened(field.times, parseInt(content.slice(0, 8), 16) * 1000);
      break;
    case "null":
    case "boolean":
    case "int32":
    case "int64":
    case "double":
    case "decimal":
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "other":
      break;
  }
}

/** Adds what was found elsewhere. */
export function mergeFieldFound(into: FieldFound, other: FieldFound): void {
  into.documents += other.documents;
  for (const [name, count] of Object.entries(other.kinds)) into.kinds[name] = (into.kinds[name] ?? 0) + count;
  for (const range of ["characters", "bytes", "times"] as const) {
    const { least, most } = other[range] ?? {};
    if (least !== undefined && most !== undefined) into[range] = widened(widened(into[range], least), most);
  }
}

function takeString(field: FieldFound, content: string): void {
  const units = content.length;
  const { characters } = field;
  // A character takes six bytes of text at most (`\u0000`): only what could be a new record is counted.
  if (characters !== undefined && units <= characters.most && units >= 6 * characters.least) return;
  field.characters = widened(characters, codePoints(fromByteText(stringOf(content))));
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) if ((text.charCodeAt(i) & 0xfc00) === 0xd800) count--;
  return count;
}

function widened(range: Range | undefined, value: number): Range {
  if (range === undefined) return { least: value, most: value };
  if (value < range.least) range.least = value;
  if (value > range.most) range.most = value;
  return range;
}

function nameOf(kind: Kind, content: string): string {
  switch (kind) {
    case "nested":
      return content[0] === "[" ? "array" : "document";
    case "other":
      return wrapper(content);
    default:
      return kind;
  }
}

/** The name that Extended JSON has for a kind without columns: `{"$timestamp":…` is a timestamp. */
function wrapper(text: string): string {
  return text.slice('{"$'.length, text.indexOf('"', '{"$'.length));
}
