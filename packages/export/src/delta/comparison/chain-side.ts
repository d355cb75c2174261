import {
  archivedItemReader,
  archivedItems,
  ChainItems,
  DOCUMENT_KEY,
  KeyStore,
  KeyStoreWriter,
  type ChainNamespace,
  type PlacedPart,
  type SupersedingKeys,
} from "@firebreak/items";
import { join } from "node:path";
import type { ReadLine } from "@firebreak/archive";
import { placedParts, type ChainReading, type ChainScratch } from "./chain-lines.ts";
import { textHash } from "./range-hashes.ts";

/** Tells the lines of a namespace apart, by key and by value. */
export interface LineKinds {
  readonly keyFields: readonly string[];
  /** Returns equal values only for equal lines. */
  valueOf(read: Pick<ReadLine, "line" | "fields">): Buffer;
}

/** Documents: the hash of a line tells it from others. */
export const DOCUMENT_LINES: LineKinds = { keyFields: DOCUMENT_KEY, valueOf: ({ line }) => textHash(line) };

/** A line that a later delta brought and that still holds at the chain's end. */
export interface LaterLine {
  /** Its key line. */
  readonly key: string;
  readonly line: string;
  readonly value: Buffer;
}

/** The bytes of a value that are kept: 128 bits, so that no two values are confused. */
const VALUE_BYTES = 16;

/**
 * One namespace as a chain has it: parts in the order of keys, and the later deltas' changes by key. Memory
 * holds some 64 MiB of keys at most, and a bit for each later line. The caller closes it.
 */
export class ChainSide {
  readonly kinds: LineKinds;
  readonly reading: ChainReading;
  /** The parts of the first link. */
  readonly base: readonly PlacedPart[];
  readonly #chain: ChainItems<LaterLine>;
  readonly #linkCount: number;
  readonly #writer: KeyStoreWriter;
  #keys: SupersedingKeys | undefined;
  #later: KeyStore | undefined;
  #seen = new Uint8Array(0);

  private constructor({ listings }: ChainNamespace, { identities, scratch }: ChainScratch, kinds: LineKinds) {
    this.kinds = kinds;
    this.reading = { identities };
    this.base = placedParts(listings[0]!);
    const { keyFields } = kinds;
    const reader = archivedItemReader({ identities, keyFields }, (read, key): LaterLine => {
      return { key, line: read.line, value: kinds.valueOf(read) };
    });
    this.#chain = new ChainItems(
      listings.map((listing) => archivedItems(reader, listing)),
      join(scratch, "superseding"),
    );
    this.#linkCount = listings.length;
    this.#writer = new KeyStoreWriter(join(scratch, "later"), { dataBytes: VALUE_BYTES });
  }

  /** @param told is called for each line that a later delta brought and that holds. */
  static async open(
    ns: ChainNamespace,
    scratch: ChainScratch,
    kinds: LineKinds,
    told: (line: LaterLine) => void = () => undefined,
  ): Promise<ChainSide> {
    const side = new ChainSide(ns, scratch, kinds);
    try {
      let count = 0;
      await side.#chain.eachLater(async (line) => {
        await side.#writer.add(line.key, count++, line.value);
        told(line);
      });
      side.#keys = await side.#chain.keys();
      side.#later = new KeyStore(await side.#writer.seal());
      side.#seen = new Uint8Array(Math.ceil(count / 8));
      return side;
    } catch (error) {
      await side.close();
      throw error;
    }
  }

  /** Returns true if a later delta has replaced or deleted the first link's line with a key. */
  isReplaced(keyLine: string): boolean {
    return this.#keys!.isSuperseded(keyLine, 0);
  }

  /**
   * Returns the number of the later line with a key, and the first bytes of its value, which are valid until
   * the next call; undefined if there is none.
   */
  later(keyLine: string): { readonly number: number; readonly value: Buffer } | undefined {
    const found = this.#later!.find(keyLine);
    return found && { number: found.number, value: found.data };
  }

  /** Notes that the source has a key, and returns true if the later line with this key has the same value. */
  seeLater(keyLine: string, read: Pick<ReadLine, "line" | "fields">): boolean {
    const found = this.later(keyLine);
    if (found === undefined) return false;
    this.see(found.number);
    return found.value.compare(this.kinds.valueOf(read), 0, VALUE_BYTES) === 0;
  }

  see(number: number): void {
    this.#seen[number >>> 3]! |= 1 << (number & 7);
  }

  /** Yields the later lines whose keys the source was not seen to have. */
  async *unseen(): AsyncGenerator<LaterLine> {
    for (let link = 1; link < this.#linkCount; link++)
      for await (const lines of this.#chain.itemsOf(link))
        for (const line of lines) {
          const { number } = this.later(line.key)!;
          if ((this.#seen[number >>> 3]! & (1 << (number & 7))) === 0) yield line;
        }
  }

  async close(): Promise<void> {
    this.#later?.close();
    await this.#writer.close();
    await this.#chain.close();
  }
}
