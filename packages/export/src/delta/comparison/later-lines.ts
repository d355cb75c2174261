import { DOCUMENT_KEY, KeyStore, SupersedingKeys, type KeyRun } from "@firebreak/items";
import type { ReadLine } from "@firebreak/archive";
import type { ChainReading } from "./chain-lines.ts";
import { textHash } from "./range-hashes.ts";

/** Tells the lines of a namespace apart, by key and by value. */
export interface LineKinds {
  readonly keyFields: readonly string[];
  /** Returns equal values only for equal lines. */
  valueOf(read: Pick<ReadLine, "line" | "fields">): Buffer;
}

/** Documents: the hash of a line tells it from others. */
export const DOCUMENT_LINES: LineKinds = { keyFields: DOCUMENT_KEY, valueOf: ({ line }) => textHash(line) };

/** The bytes of a value that are kept: 128 bits, so that no two values are confused. */
export const VALUE_BYTES = 16;

/** The changes that later deltas of a chain made to a namespace, as they go to another thread. */
export interface SharedLines {
  /** The keys that later deltas name. */
  readonly superseding: KeyRun;
  /** The keys whose lines hold at the chain's end, with the lines' numbers and values. */
  readonly later: KeyRun;
  /** A bit for each of these lines: the source has its key. */
  readonly seen: SharedArrayBuffer;
}

/** The changes that later deltas of a chain made to a namespace, by key. The caller closes it. */
export class LaterLines {
  readonly kinds: LineKinds;
  readonly reading: ChainReading;
  readonly #keys: SupersedingKeys;
  readonly #later: KeyStore;
  readonly #seen: Uint8Array;

  /** @throws {FirebreakError} `disk-failed` */
  constructor({ superseding, later, seen }: SharedLines, kinds: LineKinds, reading: ChainReading) {
    this.kinds = kinds;
    this.reading = reading;
    this.#keys = new SupersedingKeys(superseding);
    this.#later = new KeyStore(later);
    this.#seen = new Uint8Array(seen);
  }

  /** Returns true if a later delta has replaced or deleted the first link's line with a key. */
  isReplaced(keyLine: string): boolean {
    return this.#keys.isSuperseded(keyLine, 0);
  }

  /**
   * Returns the number of the later line with a key, and the first bytes of its value, which are valid until
   * the next call; undefined if there is none.
   */
  find(keyLine: string): { readonly number: number; readonly value: Buffer } | undefined {
    const found = this.#later.find(keyLine);
    return found && { number: found.number, value: found.data };
  }

  /** Notes that the source has a key, and returns true if the later line with this key has the same value. */
  see(keyLine: string, read: Pick<ReadLine, "line" | "fields">): boolean {
    const found = this.find(keyLine);
    if (found === undefined) return false;
    this.mark(found.number);
    return found.value.compare(this.kinds.valueOf(read), 0, VALUE_BYTES) === 0;
  }

  /** Notes that the source has the key of a later line. */
  mark(number: number): void {
    Atomics.or(this.#seen, number >>> 3, 1 << (number & 7));
  }

  isSeen(keyLine: string): boolean {
    const { number } = this.find(keyLine)!;
    return (Atomics.load(this.#seen, number >>> 3) & (1 << (number & 7))) !== 0;
  }

  async close(): Promise<void> {
    this.#later.close();
    await this.#keys.close();
  }
}
