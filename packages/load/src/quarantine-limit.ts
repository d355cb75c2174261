import { loadFault } from "./load-faults.ts";

/** How many rows a target may refuse before the load is taken for wrong as a whole. */
export class QuarantineLimit {
  readonly #max: number;
  #count: number;

  /** @param count rows that are in quarantine already. */
  constructor(max: number, count: number) {
    this.#max = max;
    this.#count = count;
  }

  /** @throws {FirebreakError} `quarantine-full` for one row too many. */
  add(table: string, part: string, reason: string): void {
    this.#count++;
    if (this.#count > this.#max) throw loadFault("quarantine-full", { max: this.#max, table, part, reason });
  }

  /** Rows of a transaction that was rolled back, or that are in after all. */
  take(count: number): void {
    this.#count -= count;
  }
}
