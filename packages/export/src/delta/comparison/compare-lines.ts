import { keyLineOf, type PlacedPart } from "@firebreak/items";
import { LineFields, type ReadLine } from "@firebreak/archive";
import { eachLine, keyLineIn, readLine } from "./chain-lines.ts";
import type { ChainSide } from "./chain-side.ts";
import type { ChangeWriter } from "../change-writer.ts";
import { KeyedHashes, textHash } from "./keyed-hashes.ts";

/** Receives the changes, and decides which deleted documents the source most likely deleted by itself. */
export interface ChangeTaker {
  readonly writer: Pick<ChangeWriter, "upsert" | "delete">;
  readonly isExpired: (read: Pick<ReadLine, "line" | "fields">) => boolean;
}

/** Lines of a source as they come; each is valid until the next batch is asked for. */
export type LiveLines = AsyncIterable<readonly string[]>;

/** The lines of one range in a chain's first link, without those that a later link replaces. */
export class BaseLines {
  readonly #side: ChainSide;
  readonly #parts: readonly PlacedPart[];
  readonly #lines = new KeyedHashes();

  private constructor(side: ChainSide, parts: readonly PlacedPart[]) {
    this.#side = side;
    this.#parts = parts;
  }

  /**
   * @param told is called for each line, with its value and the entry of the later delta's line that replaces
   * it (-1 if none does).
   */
  static async read(
    side: ChainSide,
    parts: readonly PlacedPart[],
    told: (read: ReadLine, value: Buffer, later: number) => void = () => undefined,
  ): Promise<BaseLines> {
    const base = new BaseLines(side, parts);
    const { kinds, later } = side;
    for (const placed of parts)
      await eachLine(placed, side.reading, (read) => {
        const key = textHash(keyLineIn(placed, read, kinds.keyFields));
        const value = kinds.valueOf(read);
        const entry = later.find(key);
        if (entry < 0) base.#lines.set(key, value);
        told(read, value, entry);
      });
    return base;
  }

  /** Reports every difference between a range of the source and the chain's state of it. */
  async compare(live: LiveLines, taker: ChangeTaker): Promise<void> {
    const { kinds, later } = this.#side;
    const fields = new LineFields();
    for await (const lines of live)
      for (const line of lines) {
        const read = readLine(line, fields);
        const keyLine = keyLineOf(read, kinds.keyFields)!;
        const key = textHash(keyLine);
        const laterEntry = later.find(key);
        const known = laterEntry < 0 ? this.#lines : later;
        const entry = laterEntry < 0 ? known.find(key) : laterEntry;
        if (entry >= 0) known.see(entry);
        const isSame = entry >= 0 && !known.isGone(entry) && known.hasValue(entry, kinds.valueOf(read));
        if (!isSame) await taker.writer.upsert(keyLine, line);
      }
    if (this.#lines.isAllSeen) return;
    await tellGone(this.#side, this.#parts, taker, (key) => {
      if (later.find(key) >= 0) return false;
      const entry = this.#lines.find(key);
      return !this.#lines.isSeen(entry);
    });
  }
}

/** Reports the lines that later deltas brought and that no range of the source had. */
export async function tellLaterGone(side: ChainSide, taker: ChangeTaker): Promise<void> {
  const { later } = side;
  await tellGone(side, side.laterParts, taker, (key) => {
    const entry = later.find(key);
    if (later.isGone(entry) || later.isSeen(entry)) return false;
    // Several links may have the same key.
    later.see(entry);
    return true;
  });
}

/** Reads parts again to find the key lines of deleted rows: memory holds only their hashes. */
async function tellGone(
  { kinds, reading }: ChainSide,
  parts: readonly PlacedPart[],
  { writer, isExpired }: ChangeTaker,
  isGone: (key: Buffer) => boolean,
): Promise<void> {
  for (const placed of parts) {
    let gone: Parameters<ChangeWriter["delete"]>[] = [];
    await eachLine(
      placed,
      reading,
      (read) => {
        const keyLine = keyLineIn(placed, read, kinds.keyFields);
        if (isGone(textHash(keyLine))) gone.push([keyLine, isExpired(read), textHash(read.line)]);
      },
      async () => {
        for (const one of gone) await writer.delete(...one);
        gone = [];
      },
    );
  }
}
