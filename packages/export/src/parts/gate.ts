/** Holds threads until all expected threads have arrived, or until someone opens it. */
export class Gate {
  readonly #cells: Int32Array<SharedArrayBuffer>;

  /** @param buffer the buffer of another thread's gate. */
  constructor(buffer: SharedArrayBuffer) {
    this.#cells = new Int32Array(buffer);
  }

  static for(threads: number): Gate {
    const gate = new Gate(new SharedArrayBuffer(8));
    gate.#cells[1] = threads;
    return gate;
  }

  get buffer(): SharedArrayBuffer {
    return this.#cells.buffer;
  }

  async pass(): Promise<void> {
    if (Atomics.sub(this.#cells, 1, 1) === 1) return this.open();
    const waited = Atomics.waitAsync(this.#cells, 0, 0);
    await waited.value;
  }

  open(): void {
    Atomics.store(this.#cells, 0, 1);
    Atomics.notify(this.#cells, 0);
  }
}
