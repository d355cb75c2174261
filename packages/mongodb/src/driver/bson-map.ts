import { BSON } from "mongodb";

const DOCUMENT = 0x03;
const ARRAY = 0x04;

/**
 * Returns a BSON document as a Map. Nested documents are Maps too, and numbers are Int32, Double, Long and so
 * on.
 *
 * If the driver serializes the Map again, the result has the same types and the same order of names. An
 * object would lose that order: `{"b": 1, "1": 1}`.
 */
export function mapOf(document: Buffer): Map<string, unknown> {
  const map = new Map<string, unknown>();
  for (const [type, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(document))
    map.set(
      document.toString("utf8", nameOffset, nameOffset + nameLength),
      valueOf(type, document.subarray(offset, offset + length)),
    );
  return map;
}

/** One field of a document, byte for byte. */
interface Element {
  readonly type: number;
  readonly value: Buffer;
  /** The type, the name and the value. */
  readonly bytes: Buffer;
}

/** Returns the first field of a document that has this name. Undefined if there is none. */
export function elementOf(document: Buffer, field: string): Element | undefined {
  for (const [type, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    if (document.toString("utf8", nameAt, nameAt + nameLength) !== field) continue;
    const end = offset + length;
    return { type, value: document.subarray(offset, end), bytes: document.subarray(nameAt - 1, end) };
  }
  return undefined;
}

/** Makes a document of the bytes of its fields. */
export function documentOfElements(elements: readonly Buffer[]): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32LE(elements.reduce((sum, element) => sum + element.length, 5));
  return Buffer.concat([length, ...elements, Buffer.alloc(1)]);
}

/** Returns one field of a document in the form that `mapOf` gives it. The other fields may hold anything. */
export function fieldOf(document: Buffer, field: string): unknown {
  const element = elementOf(document, field);
  return element === undefined ? undefined : valueOf(element.type, element.value);
}

function valueOf(type: number, bytes: Buffer): unknown {
  if (type === DOCUMENT) return mapOf(bytes);
  if (type === ARRAY) return [...mapOf(bytes).values()];
  const head = Buffer.from([0, 0, 0, 0, type & 0xff, 0x76, 0]);
  head.writeInt32LE(head.length + bytes.length + 1);
  return BSON.deserialize(Buffer.concat([head, bytes, Buffer.alloc(1)]), {
    promoteValues: false,
    bsonRegExp: true,
  })["v"] as unknown;
}

/** The number of `_id`s in one request. */
const MAX_IDS = 1000;
const MAX_ID_BYTES = 1 << 20;

/** Yields the `_id`s of documents, in groups that fit into a command. */
export function* idGroups(documents: readonly Buffer[]): Generator<unknown[]> {
  let ids: unknown[] = [];
  let bytes = 0;
  for (const document of documents) {
    ids.push(fieldOf(document, "_id"));
    bytes += idOf(document).length;
    if (ids.length < MAX_IDS && bytes < MAX_ID_BYTES) continue;
    yield ids;
    ids = [];
    bytes = 0;
  }
  if (ids.length > 0) yield ids;
}

/** Returns the type and bytes of a document's `_id`, in latin1. Empty if there is none. */
export function idOf(document: Buffer): string {
  for (const [type, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(document))
    if (document.toString("latin1", nameAt, nameAt + nameLength) === "_id")
      return `${type} ${document.toString("latin1", offset, offset + length)}`;
  return "";
}
