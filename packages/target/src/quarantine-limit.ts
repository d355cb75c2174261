import { targetFault } from "./target-faults.ts";

/** Limits the rows or documents that a target may refuse before the whole load is considered wrong. */
export class QuarantineLimit {
  readonly #max: number;
  readonly #cells: Int32Array;

  /** @param counter from `QuarantineLimit.counter`; threads that share it count together. */
  constructor(max: number, counter: SharedArrayBuffer) {
    this.#max = max;
    this.#cells = new Int32Array(counter);
  }

  /** @param count the number of rows that are already in quarantine. */
  static counter(count: number): SharedArrayBuffer {
    const counter = new SharedArrayBuffer(4);
    new Int32Array(counter)[0] = count;
    return counter;
  }

  /** @throws {FirebreakError} `quarantine-full` if there is one row too many. */
  add(table: string, part: string, reason: string): void {
    if (Atomics.add(this.#cells, 0, 1) >= this.#max)
      throw targetFault("quarantine-full", { max: this.#max, table, part, reason });
  }

  /** Subtracts rows of a transaction that was rolled back, or rows that are in after all. */
  take(count: number): void {
    Atomics.sub(this.#cells, 0, count);
  }

  /** Returns the same limit for one transaction: `undo` takes back what was added and taken through it. */
  share(): Pick<QuarantineLimit, "add" | "take" | "share"> & { undo(): void } {
    let added = 0;
    return {
      add: (table, part, reason) => {
        added++;
        this.add(table, part, reason);
      },
      take: (count) => {
        added -= count;
        this.take(count);
      },
      share: () => this.share(),
      undo: () => this.take(added),
    };
  }
}
