/** Counters that worker threads add to and the main thread reads, without a message for each. */
export class ProgressCounters {
  readonly #cells: BigInt64Array;

  /** @param buffer that of another thread's counters; a new one without it. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(24)) {
    this.#cells = new BigInt64Array(buffer);
  }

  get buffer(): SharedArrayBuffer {
    return this.#cells.buffer as SharedArrayBuffer;
  }

  add(items: number, bytes: number): void {
    Atomics.add(this.#cells, 0, BigInt(items));
    Atomics.add(this.#cells, 1, BigInt(bytes));
  }

  /** Says that this thread has begun to wait for a server, or that it no longer does. */
  wait(isWaiting: boolean): void {
    Atomics.add(this.#cells, 2, isWaiting ? 1n : -1n);
  }

  /** How many threads wait for a server. */
  get waiting(): number {
    return Number(Atomics.load(this.#cells, 2));
  }

  get items(): number {
    return Number(Atomics.load(this.#cells, 0));
  }

  get bytes(): number {
    return Number(Atomics.load(this.#cells, 1));
  }
}
