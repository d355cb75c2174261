import { sha256BytesOf, type LineBuffer, type PartEntry } from "@firebreak/archive";
import { BSON } from "mongodb";

/** A change that a server makes when it stores a document. */
export type StoredChange = "id-moved" | "id-made";

/** The offset in a document where the name of its first field begins. */
const FIRST_NAME = 5;
const ID_NAME = Buffer.from("_id\0");
const OBJECT_ID = 0x07;
const OBJECT_ID_BYTES = 12;

/** The place of a document in an archive. */
export interface LinePlace {
  readonly part: Pick<PartEntry, "plainSha256">;
  /** The line number, from 1. */
  readonly line: number;
}

/**
 * Puts the last document of a buffer into the form in which a server stores it: with `_id` as its first field
 * (manual, "Documents", The `_id` Field).
 *
 * A server adds an ObjectId of its own to a document without `_id`. Here the ObjectId is made from the
 * document's place in the archive, so that it is the same each time and can be proved.
 *
 * @param start the document's first byte. The document ends where the buffer ends.
 * @returns undefined if the document has that form already, as nearly all have.
 */
export function putInStoredForm(out: LineBuffer, start: number, place: LinePlace): StoredChange | undefined {
  const document = out.bytes.subarray(start, out.at);
  if (document.subarray(FIRST_NAME, FIRST_NAME + ID_NAME.length).equals(ID_NAME)) return undefined;
  const elements = elementsOf(document);
  if (elements === undefined) return undefined;
  for (const [, nameAt, nameLength, offset, length] of elements) {
    if (document.toString("latin1", nameAt, nameAt + nameLength) !== "_id") continue;
    const element = Buffer.from(document.subarray(nameAt - 1, offset + length));
    document.copyWithin(FIRST_NAME - 1 + element.length, FIRST_NAME - 1, nameAt - 1);
    element.copy(document, FIRST_NAME - 1);
    return "id-moved";
  }
  makeId(out, start, place);
  return "id-made";
}

type Element = ReturnType<typeof BSON.onDemand.parseToElements> extends Iterable<infer E> ? E : never;

/** Parses a document. Undefined for malformed BSON: that goes to the server unchanged, which refuses it. */
function elementsOf(document: Buffer): Iterable<Element> | undefined {
  try {
    return BSON.onDemand.parseToElements(document);
  } catch {
    return undefined;
  }
}

function makeId(out: LineBuffer, start: number, { part, line }: LinePlace): void {
  const id = sha256BytesOf(`${part.plainSha256} ${line}`).subarray(0, OBJECT_ID_BYTES);
  const element = Buffer.concat([Buffer.from([OBJECT_ID]), ID_NAME, id]);
  out.reserve(element.length);
  const { bytes, at } = out;
  bytes.copyWithin(start + FIRST_NAME - 1 + element.length, start + FIRST_NAME - 1, at);
  element.copy(bytes, start + FIRST_NAME - 1);
  out.at = at + element.length;
  bytes.writeInt32LE(out.at - start, start);
}
