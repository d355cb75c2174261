import { rowOrder, type SourceTable } from "@firebreak/archive";
import type { RowGroup } from "./row-groups.ts";

/**
 * In which ranges the keys lie that later deltas of a chain brought or took. Where
 * the order of keys is only the server's to know nothing is placed: such ranges
 * are not what is expected, and are read.
 */
export class LaterPlaces {
  readonly #order: ((keyLine: string) => string | undefined) | undefined;
  /** Of each range but the first, where it begins. */
  readonly #starts: readonly string[];
  readonly #entries: readonly Set<number>[];

  constructor(table: SourceTable, groups: readonly RowGroup[]) {
    const order = rowOrder(table);
    const starts = groups.slice(1).map(({ first }) => order?.(first!));
    this.#order = starts.every((start) => start !== undefined) ? order : undefined;
    this.#starts = starts.map((start) => start ?? "");
    this.#entries = groups.map(() => new Set());
  }

  /** @param entry what is known of the key. */
  place(keyLine: string, entry: number): void {
    const own = this.#order?.(keyLine);
    if (own === undefined) return;
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= own) low = middle + 1;
      else high = middle;
    }
    this.#entries[low]!.add(entry);
  }

  /** Those of a range; more may be added when they are found to be there. */
  entriesIn(group: number): Set<number> {
    return this.#entries[group]!;
  }
}
