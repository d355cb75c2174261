import { loadFault } from "./load-faults.ts";

/** How many rows or documents a target may refuse before the load is taken for wrong as a whole. */
export class QuarantineLimit {
  readonly #max: number;
  readonly #cells: Int32Array;

  /** @param counter of `QuarantineLimit.counter`; threads that share it count together. */
  constructor(max: number, counter: SharedArrayBuffer) {
    this.#max = max;
    this.#cells = new Int32Array(counter);
  }

  /** @param count rows that are in quarantine already. */
  static counter(count: number): SharedArrayBuffer {
    const counter = new SharedArrayBuffer(4);
    new Int32Array(counter)[0] = count;
    return counter;
  }

  /** @throws {FirebreakError} `quarantine-full` for one row too many. */
  add(table: string, part: string, reason: string): void {
    if (Atomics.add(this.#cells, 0, 1) >= this.#max)
      throw loadFault("quarantine-full", { max: this.#max, table, part, reason });
  }

  /** Rows of a transaction that was rolled back, or that are in after all. */
  take(count: number): void {
    Atomics.sub(this.#cells, 0, count);
  }
}
