import { ReasonError } from "@firebreak/archive";
import { dumpReason } from "../mongodump-reasons.ts";
import { applyDiff } from "./apply-diff.ts";
import { applyModifiers } from "./apply-modifiers.ts";
import { documentOf, type Element, elementIn, integerOf } from "../elements.ts";
import type { OplogEntry } from "./oplog-entry.ts";

/** True if an entry contains the whole new state of the document: an insert, a replacement or a delete. */
export function isWhole({ op, o }: OplogEntry): boolean {
  return op !== "u" || o[0]?.name.startsWith("$") !== true;
}

/**
 * Applies an entry that changes a document.
 *
 * @param document may be undefined if the entry is whole.
 * @returns undefined if the entry deletes the document.
 * @throws Error for an unknown kind of update, or if there is no document to update.
 */
export function applyEntry(document: Buffer | undefined, entry: OplogEntry): Buffer | undefined {
  switch (entry.op) {
    case "i":
      return documentOf(entry.o);
    case "d":
      return undefined;
    default:
      if (isWhole(entry)) return replacementOf(entry);
      if (document === undefined) throw new ReasonError(dumpReason("updated-missing", { isOfDump: false }));
      return updated(document, entry.o);
  }
}

/** Returns a replacement with its `_id` first, where the server puts it. The entry may have it elsewhere. */
function replacementOf({ o, id }: OplogEntry): Buffer {
  return documentOf([elementIn(o, "_id") ?? id!, ...o.filter(({ name }) => name !== "_id")]);
}

function updated(document: Buffer, update: readonly Element[]): Buffer {
  const version = elementIn(update, "$v");
  const diff = elementIn(update, "diff");
  switch (version === undefined ? 1 : integerOf(version)) {
    case 1:
      return applyModifiers(document, update);
    case 2:
      if (diff === undefined) throw new ReasonError(dumpReason("update-without-diff"));
      return applyDiff(document, diff.value);
    default:
      throw new ReasonError(dumpReason("update-version", { version: integerOf(version!) }));
  }
}

const FIRST_COUNT = 1024;
const NONE = -1;

/**
 * The places of entries in a file, each with the previous entry of the same document. An entry takes 13
 * bytes, outside the heap.
 */
export class EntryPlaces {
  #places = new Float64Array(FIRST_COUNT);
  #before = new Int32Array(FIRST_COUNT);
  #met = new Uint8Array(FIRST_COUNT);
  #count = 0;

  /**
   * Adds an entry.
   *
   * @param before the entry of the same document that it needs, or undefined if it needs none.
   * @returns the entry's number.
   */
  add(place: number, before: number | undefined): number {
    if (this.#count === this.#places.length) this.#grow();
    this.#places[this.#count] = place;
    this.#before[this.#count] = before ?? NONE;
    return this.#count++;
  }

  /** Returns the places of an entry and of all entries that it needs, from the first to the last. */
  upTo(entry: number): number[] {
    const places: number[] = [];
    for (let at = entry; at !== NONE; at = this.#before[at]!) places.push(this.#places[at]!);
    return places.reverse();
  }

  /** Records that the dump has the document with this last entry. */
  meet(entry: number): void {
    this.#met[entry] = 1;
  }

  isMet(entry: number): boolean {
    return this.#met[entry] === 1;
  }

  #grow(): void {
    const length = this.#places.length * 2;
    const [places, before, met] = [new Float64Array(length), new Int32Array(length), new Uint8Array(length)];
    places.set(this.#places);
    before.set(this.#before);
    met.set(this.#met);
    [this.#places, this.#before, this.#met] = [places, before, met];
  }
}
