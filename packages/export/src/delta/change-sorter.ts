import { sha256BytesOf } from "@firebreak/archive";
import { LineSorter, type SealedLines, type SortedLine } from "@firebreak/items";

/** The possible changes of a key. The index here is the mark in the sorter, so an upsert sorts first. */
export const FATES = ["upsert", "delete", "expired"] as const;
export type Fate = (typeof FATES)[number];
const UPSERT = FATES.indexOf("upsert");

/** Bytes of changes that all threads together sort in memory. */
export const RUN_BYTES = 16 * 1024 * 1024;
const NO_BYTES = Buffer.alloc(0);

/** Sorts the changes of some of a namespace's keys in a thread. They go to the `ChangeWriter` when sealed. */
export class ChangeSorter {
  readonly #sorter: LineSorter;

  /** @param scratch a folder below that of the writer. */
  constructor(scratch: string, runBytes?: number) {
    this.#sorter = new LineSorter(scratch, runBytes);
  }

  get count(): number {
    return this.#sorter.count;
  }

  /**
   * @param keyLine in byte text, as `keyLineOf` makes it.
   * @param line in byte text, or its bytes, which are copied.
   */
  async upsert(keyLine: string, line: string | Uint8Array): Promise<void> {
    const bytes = typeof line === "string" ? Buffer.from(line, "latin1") : Buffer.from(line);
    await this.#add(keyLine, "upsert", bytes);
  }

  /** @param was the hash (`textHash`) of the deleted line, if it is known. */
  async delete(keyLine: string, isExpired = false, was: Buffer = NO_BYTES): Promise<void> {
    await this.#add(keyLine, isExpired ? "expired" : "delete", was);
  }

  seal(): Promise<SealedLines> {
    return this.#sorter.seal();
  }

  adopt(changes: SealedLines): Promise<void> {
    return this.#sorter.adopt(changes);
  }

  /** Yields each key once. */
  async *settled(): AsyncGenerator<SortedLine> {
    yield* settled(await this.#sorter.sorted());
  }

  async close(): Promise<void> {
    await this.#sorter.close();
  }

  async #add(keyLine: string, fate: Fate, line: Buffer): Promise<void> {
    await this.#sorter.add({ key: Buffer.from(keyLine, "latin1"), mark: FATES.indexOf(fate), line });
  }
}

/** Yields each key once. If a key is present, its deletes are ignored. */
async function* settled(
  changes: Iterable<SortedLine> | AsyncIterable<SortedLine>,
): AsyncGenerator<SortedLine> {
  let held: { readonly change: SortedLine; isAsItWas: boolean } | undefined;
  for await (const change of changes) {
    if (held?.change.key.equals(change.key) === true) {
      if (change.mark !== UPSERT && held.change.mark === UPSERT && change.line.length > 0)
        held.isAsItWas ||= sha256BytesOf(held.change.line).equals(change.line);
      continue;
    }
    if (held?.isAsItWas === false) yield held.change;
    held = { change, isAsItWas: false };
  }
  if (held?.isAsItWas === false) yield held.change;
}
