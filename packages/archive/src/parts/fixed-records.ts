/** Checks that the bytes of a binary part have as many records as its writer says, all of one size. */
export class FixedRecords {
  readonly #recordBytes: number;
  #rest = 0;

  constructor(recordBytes: number) {
    this.#recordBytes = recordBytes;
  }

  /** True if the bytes taken so far end in the middle of a record. */
  get isLineBegun(): boolean {
    return this.#rest > 0;
  }

  /** Takes the next bytes; returns the number of records that end in them. */
  take(bytes: Uint8Array): number {
    const length = this.#rest + bytes.length;
    this.#rest = length % this.#recordBytes;
    return (length - this.#rest) / this.#recordBytes;
  }
}
