import { BSON } from "mongodb";
import { fieldOf } from "./bson-map.ts";

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
