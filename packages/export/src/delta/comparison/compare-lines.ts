import { keyLineOf, type PlacedPart } from "@firebreak/items";
import { LineFields, type ReadLine } from "@firebreak/archive";
import { eachLine, keyLineIn, readLine } from "./chain-lines.ts";
import type { ChainSide } from "./chain-side.ts";
import type { ChangeWriter } from "../change-writer.ts";
import { RangeHashes, textHash } from "./range-hashes.ts";

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
  readonly #lines = new RangeHashes();

  private constructor(side: ChainSide, parts: readonly PlacedPart[]) {
    this.#side = side;
    this.#parts = parts;
  }

  /** @param told is called for each line, with its key line and its value if it still holds. */
  static async read(
    side: ChainSide,
    parts: readonly PlacedPart[],
    told: (read: ReadLine, keyLine: string, value: Buffer | undefined) => void = () => undefined,
  ): Promise<BaseLines> {
    const base = new BaseLines(side, parts);
    const { kinds } = side;
    for (const placed of parts)
      await eachLine(placed, side.reading, (read) => {
        const keyLine = keyLineIn(placed, read, kinds.keyFields);
        const value = side.isReplaced(keyLine) ? undefined : kinds.valueOf(read);
        if (value !== undefined) base.#lines.set(textHash(keyLine), value);
        told(read, keyLine, value);
      });
    return base;
  }

  /** Reports every difference between a range of the source and the chain's state of it. */
  async compare(live: LiveLines, taker: ChangeTaker): Promise<void> {
    const { kinds } = this.#side;
    const fields = new LineFields();
    for await (const lines of live)
      for (const line of lines) {
        const read = readLine(line, fields);
        const keyLine = keyLineOf(read, kinds.keyFields)!;
        const isSame = this.#side.isReplaced(keyLine)
          ? this.#side.seeLater(keyLine, read)
          : this.#see(keyLine, read);
        if (!isSame) await taker.writer.upsert(keyLine, line);
      }
    if (!this.#lines.isAllSeen) await this.#tellGone(taker);
  }

  #see(keyLine: string, read: Pick<ReadLine, "line" | "fields">): boolean {
    const entry = this.#lines.find(textHash(keyLine));
    if (entry < 0) return false;
    this.#lines.see(entry);
    return this.#lines.hasValue(entry, this.#side.kinds.valueOf(read));
  }

  /** Reads the parts again to find the key lines of deleted rows: memory holds only their hashes. */
  async #tellGone({ writer, isExpired }: ChangeTaker): Promise<void> {
    const { kinds, reading } = this.#side;
    for (const placed of this.#parts) {
      let gone: Parameters<ChangeWriter["delete"]>[] = [];
      await eachLine(
        placed,
        reading,
        (read) => {
          const keyLine = keyLineIn(placed, read, kinds.keyFields);
          const entry = this.#side.isReplaced(keyLine) ? -1 : this.#lines.find(textHash(keyLine));
          if (entry >= 0 && !this.#lines.isSeen(entry))
            gone.push([keyLine, isExpired(read), textHash(read.line)]);
        },
        async () => {
          for (const one of gone) await writer.delete(...one);
          gone = [];
        },
      );
    }
  }
}

/**
 * Reports the lines that later deltas brought and that no range of the source had.
 *
 * @param isEqual returns true for keys in ranges that were found to be equal as a whole.
 */
export async function tellLaterGone(
  side: ChainSide,
  { writer, isExpired }: ChangeTaker,
  isEqual: (keyLine: string) => boolean = () => false,
): Promise<void> {
  const fields = new LineFields();
  for await (const { key, line } of side.unseen())
    if (!isEqual(key)) await writer.delete(key, isExpired(readLine(line, fields)), textHash(line));
}
