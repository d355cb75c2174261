import { keyLineOf, type PlacedPart } from "@firebreak/items";
import { LineFields, type ReadLine } from "@firebreak/archive";
import { eachLine, keyLineIn, readLine } from "./chain-lines.ts";
import type { ChainSide } from "./chain-side.ts";
import type { LaterLines } from "./later-lines.ts";
import type { ChangeSorter } from "../change-sorter.ts";
import { RangeHashes, textHash } from "./range-hashes.ts";

/** Receives the changes, and decides which deleted documents the source most likely deleted by itself. */
export interface ChangeTaker {
  readonly writer: Pick<ChangeSorter, "upsert" | "delete">;
  readonly isExpired: (read: Pick<ReadLine, "line" | "fields">) => boolean;
}

/** Lines of a source as they come; each is valid until the next batch is asked for. */
export type LiveLines = AsyncIterable<readonly string[]>;

/** The lines of one range in a chain's first link, without those that a later link replaces. */
export class BaseLines {
  readonly #later: LaterLines;
  readonly #parts: readonly PlacedPart[];
  readonly #lines = new RangeHashes();

  private constructor(later: LaterLines, parts: readonly PlacedPart[]) {
    this.#later = later;
    this.#parts = parts;
  }

  /** @param told is called for each line, with its key line and its value if it still holds. */
  static async read(
    later: LaterLines,
    parts: readonly PlacedPart[],
    told: (read: ReadLine, keyLine: string, value: Buffer | undefined) => void = () => undefined,
  ): Promise<BaseLines> {
    const base = new BaseLines(later, parts);
    const { kinds, reading } = later;
    for (const placed of parts)
      await eachLine(placed, reading, (read) => {
        const keyLine = keyLineIn(placed, read, kinds.keyFields);
        const value = later.isReplaced(keyLine) ? undefined : kinds.valueOf(read);
        if (value !== undefined) base.#lines.set(textHash(keyLine), value);
        told(read, keyLine, value);
      });
    return base;
  }

  /** Reports every difference between a range of the source and the chain's state of it. */
  async compare(live: LiveLines, taker: ChangeTaker): Promise<void> {
    const { kinds } = this.#later;
    const fields = new LineFields();
    for await (const lines of live)
      for (const line of lines) {
        const read = readLine(line, fields);
        const keyLine = keyLineOf(read, kinds.keyFields)!;
        const isSame = this.#later.isReplaced(keyLine)
          ? this.#later.see(keyLine, read)
          : this.#see(keyLine, read);
        if (!isSame) await taker.writer.upsert(keyLine, line);
      }
    if (!this.#lines.isAllSeen) await this.#tellGone(taker);
  }

  #see(keyLine: string, read: Pick<ReadLine, "line" | "fields">): boolean {
    const entry = this.#lines.find(textHash(keyLine));
    if (entry < 0) return false;
    this.#lines.see(entry);
    return this.#lines.hasValue(entry, this.#later.kinds.valueOf(read));
  }

  /** Reads the parts again to find the key lines of deleted rows: memory holds only their hashes. */
  async #tellGone({ writer, isExpired }: ChangeTaker): Promise<void> {
    const { kinds, reading } = this.#later;
    for (const placed of this.#parts) {
      let gone: Parameters<ChangeSorter["delete"]>[] = [];
      await eachLine(
        placed,
        reading,
        (read) => {
          const keyLine = keyLineIn(placed, read, kinds.keyFields);
          const entry = this.#later.isReplaced(keyLine) ? -1 : this.#lines.find(textHash(keyLine));
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
