import { DOCUMENT_KEY, type ReadLine, type ChainNamespace } from "@firebreak/archive";
import {
  eachLine,
  gonePlacedParts,
  keyLineIn,
  placedParts,
  type ChainReading,
  type PlacedPart,
} from "./chain-lines.ts";
import { KeyedHashes, textHash } from "./keyed-hashes.ts";

/** How the lines of a namespace are told apart. */
export interface LineKinds {
  readonly keyFields: readonly string[];
  /** The same for two lines only where they are the same. */
  valueOf(read: Pick<ReadLine, "line" | "fields">): Buffer;
}

/** Documents: a line is told from another by its own hash. */
export const DOCUMENT_LINES: LineKinds = { keyFields: DOCUMENT_KEY, valueOf: ({ line }) => textHash(line) };

/** What a chain has of one namespace: parts in the order of keys, and what later deltas said of some keys. */
export class ChainSide {
  readonly kinds: LineKinds;
  readonly reading: ChainReading;
  /** The first link's. */
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

  /** @param told of each line that a later delta has, with its key line and what is known of that key. */
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
