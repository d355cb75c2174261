import { canBeBorder } from "@firebreak/items";
import { documentOfElements, elementOf } from "../driver/bson-map.ts";
import type { KeyRange } from "./key-ranges.ts";

/**
 * The position of a reader in a key range.
 *
 * A range can be read again from any `_id` that the driver takes as a bound. The documents given since the
 * last such `_id` are remembered, and left out when they come again.
 */
export class ReadPosition {
  #rest: KeyRange;
  #given = new Set<string>();
  #isAgain = false;

  constructor(range: KeyRange) {
    this.#rest = range;
  }

  /** The range that is still to be read. */
  get rest(): KeyRange {
    return this.#rest;
  }

  /** Announces that `rest` is read from its beginning again. */
  readAgain(): void {
    this.#isAgain = true;
  }

  /** Returns the documents that have not been given before. Those given before must come first. */
  unread(documents: readonly Buffer[]): readonly Buffer[] {
    if (!this.#isAgain) return documents;
    const unread = documents.filter((d) => !this.#given.has(keyOf(d)));
    this.#isAgain = unread.length === 0;
    return unread;
  }

  /** Remembers documents that have been given, in the order of the range. */
  advance(documents: readonly Buffer[]): void {
    if (this.#rest.order === "natural") return;
    for (let i = documents.length - 1; i >= 0; i--) {
      const key = keyOf(documents[i]!);
      if (!canBeBorder(Buffer.from(key, "base64"))) continue;
      this.#rest = { ...this.#rest, min: key };
      this.#given = new Set(documents.slice(i).map(keyOf));
      return;
    }
    for (const document of documents) this.#given.add(keyOf(document));
  }
}

/** Returns a document's `{_id: …}` as a bound is written: BSON in base64. */
function keyOf(document: Buffer): string {
  return documentKey(document).toString("base64");
}

/** Returns a document's `{_id: …}`, byte for byte. */
export function documentKey(document: Buffer): Buffer {
  const id = elementOf(document, "_id");
  if (id === undefined) throw new Error("a document of a collection in the order of _id has none");
  return documentOfElements([id.bytes]);
}
