import { createHash } from "node:crypto";
import { isSameDigest, TableDigest } from "@firebreak/items";
import { textHash } from "./range-hashes.ts";
import { sourceDirectory, type PartEntry } from "@firebreak/archive";
import {
  Retry,
  withRetry,
  collectionSize,
  isAscending,
  readRange,
  type KeyRange,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import type { ProgressCounters } from "@firebreak/workers";
import { makeFolder } from "../../mongodb/plan-collection.ts";
import { documentLines } from "../../parts/item-lines.ts";
import { bytesOf, writeRange } from "../../mongodb/write-range.ts";
import { join } from "node:path";
import type { DeltaTarget } from "../delta-source.ts";
import { lineTexts } from "./line-texts.ts";

/** The part of a delta's target that reading depends on, as it goes to a worker thread. */
export type ReaderTarget = Pick<DeltaTarget, "archive" | "encryption" | "partBytes" | "giveUpAfterMs">;

/** Reads one collection of a server, as a whole or in ranges. */
export class CollectionReader {
  readonly #source: MongodbSource;
  readonly #ns: Namespace;
  readonly #target: ReaderTarget;
  readonly #counters: Pick<ProgressCounters, "add" | "wait">;
  readonly #averageBytes: number;

  private constructor(
    source: MongodbSource,
    ns: Namespace,
    target: ReaderTarget,
    counters: Pick<ProgressCounters, "add" | "wait">,
    averageBytes: number,
  ) {
    this.#source = source;
    this.#ns = ns;
    this.#target = target;
    this.#counters = counters;
    this.#averageBytes = averageBytes;
  }

  /** @throws {FirebreakError} of mongodb. */
  static async open(
    source: MongodbSource,
    ns: Namespace,
    target: ReaderTarget,
    counters: Pick<ProgressCounters, "add" | "wait">,
  ): Promise<CollectionReader> {
    const { giveUpAfterMs } = target;
    const { averageBytes } = await withRetry({ giveUpAfterMs }, () => collectionSize(source, ns));
    return new CollectionReader(source, ns, target, counters, averageBytes);
  }

  /**
   * Yields the lines of a range in batches. In the order of `_id`, reading continues after a lost connection.
   */
  async *lines(range: KeyRange): AsyncGenerator<readonly string[]> {
    const settings = this.#retrySettings();
    const batches = readRange(this.#source, this.#ns, range, this.#averageBytes, settings);
    yield* lineTexts(this.#counted(batches), documentLines());
  }

  /** Returns true if the server sorts a range's `min` before its `max`. */
  isAscending(range: KeyRange): Promise<boolean> {
    return isAscending(this.#source, this.#ns, range, this.#retrySettings());
  }

  /** Returns the hash of all lines. */
  async contentHash(): Promise<ContentHash> {
    const retry = new Retry(this.#retrySettings());
    for (;;)
      try {
        const hash = new ContentHash();
        for await (const lines of this.lines(this.#whole())) for (const line of lines) hash.add(line);
        return hash;
      } catch (error) {
        if (this.#ns.hasIdOrder) throw error;
        await retry.waitAfter(error);
      }
  }

  /** Writes the whole collection as a namespace's parts. */
  async writeWhole(index: number): Promise<readonly PartEntry[]> {
    if (this.#ns.kind === "view") return [];
    const { archive, encryption, partBytes, giveUpAfterMs } = this.#target;
    const { namespace, database, storedIn } = this.#ns;
    const directory = sourceDirectory(encryption, this.#ns, index);
    await makeFolder(join(archive, directory));
    const task = {
      archive,
      recipients: encryption?.recipients ?? [],
      namespace,
      database,
      storedIn,
      after: undefined,
      directory,
      range: this.#whole(),
      averageBytes: this.#averageBytes,
      giveUpAfterMs,
      partBytes,
    };
    return (await writeRange(this.#source, task, this.#counters)).parts;
  }

  #whole(): KeyRange {
    return { index: 0, order: this.#ns.hasIdOrder ? "_id" : "natural" };
  }

  #retrySettings(): { giveUpAfterMs: number; onWaiting: (isWaiting: boolean) => void } {
    const { giveUpAfterMs } = this.#target;
    return { giveUpAfterMs, onWaiting: (isWaiting) => this.#counters.wait(isWaiting) };
  }

  async *#counted(batches: AsyncIterable<readonly Buffer[]>): AsyncGenerator<readonly Buffer[]> {
    for await (const documents of batches) {
      this.#counters.add(documents.length, bytesOf(documents));
      yield documents;
    }
  }
}

const NEWLINE = Buffer.from("\n");

/** A hash of lines that can be compared with or without their order. */
export class ContentHash {
  readonly #ordered = createHash("sha256");
  readonly #sum = new TableDigest();
  #hex: string | undefined;

  /** @param line in byte text. */
  add(line: string): void {
    this.#ordered.update(line, "latin1").update(NEWLINE);
    this.#sum.add(textHash(line));
  }

  /** Returns true if both had the same lines. */
  equals(other: ContentHash, isOrdered: boolean): boolean {
    return isOrdered
      ? this.#orderedHex() === other.#orderedHex()
      : isSameDigest(this.#sum.toPlain(), other.#sum.toPlain());
  }

  #orderedHex(): string {
    this.#hex ??= this.#ordered.digest("hex");
    return this.#hex;
  }
}
