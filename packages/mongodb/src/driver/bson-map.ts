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

/** Returns one field of a document in the form that `mapOf` gives it. The other fields may hold anything. */
export function fieldOf(document: Buffer, field: string): unknown {
  for (const [type, nameOffset, nameLength, offset, length] of BSON.onDemand.parseToElements(document))
    if (document.toString("utf8", nameOffset, nameOffset + nameLength) === field)
      return valueOf(type, document.subarray(offset, offset + length));
  return undefined;
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
