import { open, type FileHandle } from "node:fs/promises";
import { diskFault, reasonOf, sha256Of } from "@firebreak/archive";
import { DocumentCutter } from "../document-cutter.ts";
import { mongodumpFault } from "../mongodump-faults.ts";
import { readBlocks } from "../read-blocks.ts";
import { applyEntry, isWhole } from "./apply-entry.ts";
import { elementIn, elementsOf, type Element } from "./elements.ts";
import { readEntry, shownEntry, type OplogEntry } from "./oplog-entry.ts";

/** Whose change a message is about. */
export interface ChangedCollection {
  readonly namespace: string;
  /** The entries that are about its documents, as BSON one after the other. */
  readonly file: string;
  /** Where the oplog is, for errors. */
  readonly path: string;
}

/** Up to this length a key is kept as it is, else its hash. */
const KEY_BYTES = 32;

/**
 * Applies an oplog to the documents of one collection. Changes stay on disk; in
 * memory are their places, by `_id`: some 150 bytes for each document that
 * changed. Close it when done.
 */
export class ChangedDocuments {
  readonly #collection: ChangedCollection;
  readonly #file: FileHandle;
  /** Where the entries of a document are in the file, from the last that does not need those before. */
  readonly #places: Map<string, number[]>;
  /** Keys of documents that the dump has. */
  readonly #met = new Set<string>();

  private constructor(collection: ChangedCollection, file: FileHandle, places: Map<string, number[]>) {
    this.#collection = collection;
    this.#file = file;
    this.#places = places;
  }

  /** @throws {FirebreakError} `oplog-entry` for one that names no document. */
  static async open(collection: ChangedCollection): Promise<ChangedDocuments> {
    const places = new Map<string, number[]>();
    const cutter = new DocumentCutter(collection.file);
    for await (const block of readBlocks(collection.file, false))
      for (const bytes of cutter.cut(block)) {
        const entry = readEntry(bytes);
        const key = keyOf(entry.bytes, entry.op === "u" ? "o2" : "o");
        if (key === undefined) throw refusal(collection, entry, "it names no document by its _id");
        const before = places.get(key);
        // Documents that are whole again go to the end: so they come in the order of the oplog.
        if (before === undefined || isWhole(entry)) {
          places.delete(key);
          places.set(key, [cutter.offset]);
        } else before.push(cutter.offset);
      }
    const file = await open(collection.file, "r").catch((error: unknown) => {
      throw diskFault(error, collection.file);
    });
    return new ChangedDocuments(collection, file, places);
  }

  /**
   * The document as it is when the oplog ends: itself where nothing changed it, undefined where it is gone.
   *
   * @throws {FirebreakError} `oplog-entry`, `disk-failed`.
   */
  async applyTo(document: Buffer): Promise<Buffer | undefined> {
    const key = keyOf(document);
    const places = key === undefined ? undefined : this.#places.get(key);
    if (places === undefined) return document;
    // It may come again: a document that is moved while a dump is made is met twice.
    this.#met.add(key!);
    return this.#applied(document, places);
  }

  /** The documents that came after mongodump had passed their place, in the order of the oplog. */
  async *others(): AsyncGenerator<Buffer> {
    for (const [key, places] of this.#places) {
      if (this.#met.has(key)) continue;
      const document = await this.#applied(undefined, places);
      if (document !== undefined) yield document;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #applied(before: Buffer | undefined, places: readonly number[]): Promise<Buffer | undefined> {
    let document = before;
    let unmet: OplogEntry | undefined;
    for (const place of places) {
      const entry = readEntry(await this.#entryAt(place));
      if (isWhole(entry)) unmet = undefined;
      else if (document === undefined) {
        unmet ??= entry;
        continue;
      }
      document = this.#changed(document, entry);
    }
    // One that was deleted later is not in the dump, and needs no update; this one was not.
    if (unmet !== undefined)
      throw refusal(this.#collection, unmet, "the dump does not have the document that it updates");
    return document;
  }

  #changed(document: Buffer | undefined, entry: OplogEntry): Buffer | undefined {
    try {
      return applyEntry(document, entry);
    } catch (error) {
      throw refusal(this.#collection, entry, reasonOf(error), error);
    }
  }

  async #entryAt(place: number): Promise<Buffer> {
    const { file } = this.#collection;
    try {
      const length = Buffer.alloc(4);
      await this.#file.read(length, 0, 4, place);
      const bytes = Buffer.alloc(length.readInt32LE());
      await this.#file.read(bytes, 0, bytes.length, place);
      return bytes;
    } catch (error) {
      throw diskFault(error, file);
    }
  }
}

/** Tells `_id`s apart by type and bytes: an oplog names documents by the value that they have. */
function keyOf(document: Buffer, within?: "o" | "o2"): string | undefined {
  const fields = fieldsOf(document);
  const nested = within === undefined ? undefined : elementIn(fields, within);
  const id = elementIn(within === undefined ? fields : fieldsOf(nested?.value), "_id");
  if (id === undefined) return undefined;
  const bytes = Buffer.concat([Buffer.of(id.type), id.value]);
  return bytes.length <= KEY_BYTES ? bytes.toString("latin1") : `#${sha256Of(bytes)}`;
}

/** Of what is no BSON there are none: no change is about it. */
function fieldsOf(document: Buffer | undefined): Element[] {
  try {
    return document === undefined ? [] : elementsOf(document);
  } catch {
    return [];
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
