import type { HugeTurn } from "@firebreak/archive";

/**
 * Memory that worker threads share: counters that they add to and the main thread reads, without a message
 * for each, and their turn for huge lines.
 */
export class ProgressCounters implements HugeTurn {
  readonly #cells: BigInt64Array<SharedArrayBuffer>;
  /** 1 while a thread has the turn. */
  readonly #turn: Int32Array;

  /** @param buffer that of another thread's counters; if missing, a new one. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(32)) {
    this.#cells = new BigInt64Array(buffer);
    this.#turn = new Int32Array(buffer, 24, 1);
  }

  async take(): Promise<void> {
    while (Atomics.compareExchange(this.#turn, 0, 0, 1) !== 0) {
      const waiting = Atomics.waitAsync(this.#turn, 0, 1);
      if (waiting.async) await waiting.value;
    }
  }

  give(): void {
    Atomics.store(this.#turn, 0, 0);
    Atomics.notify(this.#turn, 0, 1);
  }

  get buffer(): SharedArrayBuffer {
    return this.#cells.buffer;
  }

  add(items: number, bytes: number): void {
    Atomics.add(this.#cells, 0, BigInt(items));
    Atomics.add(this.#cells, 1, BigInt(bytes));
  }

  /** Counts this thread as waiting for a server, or no longer. */
  wait(isWaiting: boolean): void {
    Atomics.add(this.#cells, 2, isWaiting ? 1n : -1n);
  }

  /** The number of threads that wait for a server. */
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
