import { base64Length } from "@firebreak/items";
import { fromByteText, stringOf, type Kind } from "@firebreak/archive";

/** Statistics on the values of one top-level field. Plain data, so that threads can exchange it. */
export interface FieldFound {
  /** The number of documents that have the field. */
  documents: number;
  /** The number of documents by the kind of the value. */
  readonly kinds: Record<string, number>;
  /** The range of the lengths of strings, in code points. */
  characters?: Range;
  /** The range of the lengths of binaries. */
  bytes?: Range;
  /** The range of dates, and of the times in ObjectIds, in milliseconds since 1970. */
  times?: Range;
}

export interface Range {
  least: number;
  most: number;
}

/** Adds one value, given as `contentOf` returns it. */
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

/** Adds the statistics of another part. */
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
  // A character takes at most six bytes of text (`\u0000`), so only a string that could be the shortest or
  // the longest is counted.
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

/** Returns Extended JSON's name for a kind without columns: `{"$timestamp":…` is a timestamp. */
function wrapper(text: string): string {
  return text.slice('{"$'.length, text.indexOf('"', '{"$'.length));
}
