import { DOCUMENT_KEY, type ChainNamespace, type PlacedPart } from "@firebreak/items";
import type { ReadLine } from "@firebreak/archive";
import { eachLine, gonePlacedParts, keyLineIn, placedParts, type ChainReading } from "./chain-lines.ts";
import { KeyedHashes, textHash } from "./keyed-hashes.ts";

/** Tells the lines of a namespace apart, by key and by value. */
export interface LineKinds {
  readonly keyFields: readonly string[];
  /** Returns equal values only for equal lines. */
  valueOf(read: Pick<ReadLine, "line" | "fields">): Buffer;
}

/** Documents: the hash of a line tells it from others. */
export const DOCUMENT_LINES: LineKinds = { keyFields: DOCUMENT_KEY, valueOf: ({ line }) => textHash(line) };

/** One namespace as a chain has it: parts in the order of keys, and the later deltas' changes by key. */
export class ChainSide {
  readonly kinds: LineKinds;
  readonly reading: ChainReading;
  /** The parts of the first link. */
  readonly base: readonly PlacedPart[];
  readonly later = new KeyedHashes();
  readonly laterParts: readonly PlacedPart[];

  private constructor(ns: ChainNamespace, reading: ChainReading, kinds: LineKinds) {
    const [first, ...rest] = ns.listings;
    this.kinds = kinds;
    this.reading = reading;
    this.base = placedParts(first!);
    this.laterParts = rest.flatMap(placedParts);
  }

  /**
   * @param told is called for each line of a later delta, with its key line and the key's entry in `later`.
   */
  static async open(
    ns: ChainNamespace,
    reading: ChainReading,
    kinds: LineKinds,
    told: (read: ReadLine, keyLine: string, entry: number) => void = () => undefined,
  ): Promise<ChainSide> {
    const side = new ChainSide(ns, reading, kinds);
    for (const listing of ns.listings.slice(1)) {
      for (const placed of placedParts(listing))
        await eachLine(placed, reading, (read) => {
          const keyLine = keyLineIn(placed, read, kinds.keyFields);
          told(read, keyLine, side.later.set(textHash(keyLine), kinds.valueOf(read)));
        });
      for (const placed of gonePlacedParts(listing))
        await eachLine(placed, reading, (read) =>
          told(read, read.line, side.later.set(textHash(read.line), undefined)),
        );
    }
    return side;
  }
}
