import { closeSync, openSync, readSync } from "node:fs";
import { diskFault, reasonOf, sha256Of } from "@firebreak/archive";
import { DocumentCutter } from "../document-cutter.ts";
import { mongodumpFault } from "../mongodump-faults.ts";
import { readBlocks } from "../read-blocks.ts";
import { applyEntry, isWhole } from "./apply-entry.ts";
import { elementIn, elementsOf, type Element } from "./elements.ts";
import { EntryPlaces } from "./entry-places.ts";
import { readEntry, shownEntry, type OplogEntry } from "./oplog-entry.ts";

/** Whose change a message is about. */
export interface ChangedCollection {
  readonly namespace: string;
  /** The entries that are about its documents, as BSON one after the other. */
  readonly file: string;
  /** Where the oplog is, for errors. */
  readonly path: string;
}

/** What is read of an entry at first; most are no longer. */
const ENTRY_BYTES = 4096;

/** Up to this length a key is kept as it is, else its hash. */
const KEY_BYTES = 32;

/**
 * Applies an oplog to the documents of one collection. Changes stay on disk; in
 * memory are their places, by `_id`: some 100 bytes for each document that
 * changed. Close it when done.
 */
export class ChangedDocuments {
  readonly #collection: ChangedCollection;
  readonly #file: number;
  /** Where an entry is read to. */
  #entry = Buffer.allocUnsafe(ENTRY_BYTES);
  /** The number of the last entry of each document. */
  readonly #last: ReadonlyMap<string, number>;
  readonly #places: EntryPlaces;
  #isClosed = false;

  private constructor(
    collection: ChangedCollection,
    file: number,
    last: ReadonlyMap<string, number>,
    places: EntryPlaces,
  ) {
    this.#collection = collection;
    this.#file = file;
    this.#last = last;
    this.#places = places;
  }

  /** @throws {FirebreakError} `oplog-entry` for one that names no document. */
  static async open(collection: ChangedCollection): Promise<ChangedDocuments> {
    const last = new Map<string, number>();
    const places = new EntryPlaces();
    const cutter = new DocumentCutter(collection.file);
    for await (const block of readBlocks(collection.file, false))
      for (const bytes of cutter.cut(block)) {
        const entry = readEntry(bytes);
        const key = keyOf(entry.id);
        if (key === undefined) throw refusal(collection, entry, "it names no document by its _id");
        last.set(key, places.add(cutter.offset, isWhole(entry) ? undefined : last.get(key)));
      }
    const file = onDisk(collection.file, () => openSync(collection.file, "r"));
    return new ChangedDocuments(collection, file, last, places);
  }

  /**
   * The document as it is when the oplog ends: itself where nothing changed it, undefined where it is gone.
   *
   * @throws {FirebreakError} `oplog-entry`, `disk-failed`.
   */
  applyTo(document: Buffer): Buffer | undefined {
    const last = this.#last.get(keyOf(idOf(document)) ?? "");
    if (last === undefined) return document;
    this.#places.meet(last);
    return this.#applied(document, last);
  }

  /** The documents that came after mongodump had passed their place, in the order in which the oplog first names them. */
  *others(): Generator<Buffer> {
    for (const last of this.#last.values()) {
      if (this.#places.isMet(last)) continue;
      const document = this.#applied(undefined, last);
      if (document !== undefined) yield document;
    }
  }

  /** May be called again. */
  close(): void {
    if (!this.#isClosed) closeSync(this.#file);
    this.#isClosed = true;
  }

  #applied(before: Buffer | undefined, last: number): Buffer | undefined {
    let document = before;
    let unmet: number | undefined;
    for (const place of this.#places.upTo(last)) {
      const entry = readEntry(this.#entryAt(place));
      if (isWhole(entry)) unmet = undefined;
      else if (document === undefined) {
        unmet ??= place;
        continue;
      }
      document = this.#changed(document, entry);
    }
    if (unmet === undefined) return document;
    // A document that was deleted later is not in the dump, and needs no update; this one was not deleted.
    const entry = readEntry(this.#entryAt(unmet));
    throw refusal(this.#collection, entry, "the dump does not have the document that it updates");
  }

  #changed(document: Buffer | undefined, entry: OplogEntry): Buffer | undefined {
    try {
      return applyEntry(document, entry);
    } catch (error) {
      throw refusal(this.#collection, entry, reasonOf(error), error);
    }
  }

  /**
   * An entry, good until the next is read. Synchronous: in a thread of its own that takes
   * a tenth of the time of a promise for each, and nothing else waits.
   */
  #entryAt(place: number): Buffer {
    const { file } = this.#collection;
    return onDisk(file, () => {
      const readBytes = readSync(this.#file, this.#entry, 0, this.#entry.length, place);
      const length = this.#entry.readInt32LE();
      if (length > this.#entry.length) {
        const grown = Buffer.allocUnsafe(length);
        this.#entry.copy(grown, 0, 0, readBytes);
        this.#entry = grown;
      }
      for (let at = readBytes; at < length;)
        at += readSync(this.#file, this.#entry, at, length - at, place + at);
      return this.#entry.subarray(0, length);
    });
  }
}

/** @throws {FirebreakError} `disk-failed` for what the file system throws. */
function onDisk<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw diskFault(error, file);
  }
}

/** Tells `_id`s apart by type and bytes: an oplog names documents by the value that they have. */
function keyOf(id: Element | undefined): string | undefined {
  if (id === undefined) return undefined;
  const { type, value } = id;
  return value.length < KEY_BYTES
    ? String.fromCharCode(type) + value.toString("latin1")
    : `#${type}${sha256Of(value)}`;
}

/** What is no BSON has none: no change is about it. */
function idOf(document: Buffer): Element | undefined {
  try {
    return elementIn(elementsOf(document), "_id");
  } catch {
    return undefined;
  }
}

function refusal(
  { path, namespace }: ChangedCollection,
  entry: OplogEntry,
  reason: string,
  cause?: unknown,
): Error {
  return mongodumpFault(
    "oplog-entry",
    { path, time: entry.time, entry: shownEntry(entry), reason: `${reason} (${namespace})` },
    cause,
  );
}
