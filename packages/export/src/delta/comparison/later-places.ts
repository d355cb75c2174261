import { rowOrder } from "@firebreak/mysql-format";
import type { SourceTable } from "@firebreak/archive";

/**
 * Finds the range of a key that a later delta of a chain changed. If only the server knows the order of keys,
 * it finds none: ranges with such keys then differ from the expected digest, and are read.
 */
export class LaterPlaces {
  readonly #order: ((keyLine: string) => string | undefined) | undefined;
  /** The start of each range but the first. */
  readonly #starts: readonly string[];

  /** @param firsts the first key line of each range. */
  constructor(table: SourceTable, firsts: readonly (string | undefined)[]) {
    const order = rowOrder(table);
    const starts = firsts.slice(1).map((first) => order?.(first!));
    this.#order = starts.every((start) => start !== undefined) ? order : undefined;
    this.#starts = starts.map((start) => start ?? "");
  }

  /** Returns the index of the range; undefined if it is not known. */
  groupOf(keyLine: string): number | undefined {
    const place = this.#order?.(keyLine);
    if (place === undefined) return undefined;
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
