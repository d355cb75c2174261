import {
  archivedItemReader,
  archivedItems,
  ChainItems,
  KeyStoreWriter,
  type ChainNamespace,
  type PlacedPart,
} from "@firebreak/items";
import { join } from "node:path";
import { collectAfter } from "@firebreak/archive";
import { placedParts, type ChainScratch } from "./chain-lines.ts";
import { LaterLines, VALUE_BYTES, type LineKinds, type SharedLines } from "./later-lines.ts";

/** A line that a later delta brought and that still holds at the chain's end. */
export interface LaterLine {
  /** Its key line. */
  readonly key: string;
  readonly line: string;
  readonly value: Buffer;
}

/**
 * One namespace as a chain has it: parts in the order of keys, and the later deltas' changes by key. Memory
 * holds some 32 MiB of keys at most, and a bit for each later line. The caller closes it.
 */
export class ChainSide {
  /** The parts of the first link. */
  readonly base: readonly PlacedPart[];
  readonly #chain: ChainItems<LaterLine>;
  readonly #linkCount: number;
  readonly #writer: KeyStoreWriter;
  readonly #kinds: LineKinds;
  readonly #identities: readonly string[] | undefined;
  #shared: SharedLines | undefined;

  private constructor({ listings }: ChainNamespace, { identities, scratch }: ChainScratch, kinds: LineKinds) {
    this.#kinds = kinds;
    this.#identities = identities;
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
      side.#shared = {
        superseding: (await side.#chain.keys()).sealed,
        later: await side.#writer.seal(),
        seen: new SharedArrayBuffer(Math.ceil(count / 8)),
      };
      collectAfter(ns.listings.slice(1).flatMap(({ entry }) => entry.parts));
      return side;
    } catch (error) {
      await side.close();
      throw error;
    }
  }

  /** The changes by key, for any thread while this is open. */
  get shared(): SharedLines {
    return this.#shared!;
  }

  /** Yields the later lines whose keys the source was not seen to have. */
  async *unseen(): AsyncGenerator<LaterLine> {
    const later = new LaterLines(this.shared, this.#kinds, { identities: this.#identities });
    try {
      for (let link = 1; link < this.#linkCount; link++)
        for await (const lines of this.#chain.itemsOf(link))
          for (const line of lines) if (!later.isSeen(line.key)) yield line;
    } finally {
      await later.close();
    }
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#chain.close();
  }
}
