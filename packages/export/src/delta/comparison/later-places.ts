import { rowOrder } from "@firebreak/mysql-format";
import type { SourceTable } from "@firebreak/archive";
import type { RowGroup } from "./row-groups.ts";

/**
 * Assigns the keys that later deltas of a chain changed to ranges. If only the server knows the order of
 * keys, it assigns none: ranges with such keys then differ from the expected digest, and are read.
 */
export class LaterPlaces {
  readonly #order: ((keyLine: string) => string | undefined) | undefined;
  /** The start of each range but the first. */
  readonly #starts: readonly string[];
  readonly #entries: readonly Set<number>[];

  constructor(table: SourceTable, groups: readonly RowGroup[]) {
    const order = rowOrder(table);
    const starts = groups.slice(1).map(({ first }) => order?.(first!));
    this.#order = starts.every((start) => start !== undefined) ? order : undefined;
    this.#starts = starts.map((start) => start ?? "");
    this.#entries = groups.map(() => new Set());
  }

  /** @param entry the entry of the key. */
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

  /** Returns the entries of a range. The caller may add more when it finds them there. */
  entriesIn(group: number): Set<number> {
    return this.#entries[group]!;
  }
}
