/** The words of a line: its part, its number, and the key that it asks for with this key's number. */
const WORDS = 5;
const FIRST_LINES = 1024;

/** A line that only asks if another line has a key, which may change. */
export interface WaitingLine<P> {
  readonly part: P;
  readonly line: number;
  /** The key, and its number among the changed ones. */
  readonly key: bigint;
  readonly number: number;
}

/** Lines that wait until all keys are counted, in 20 bytes each. */
export class WaitingLines<P> {
  readonly #parts: P[] = [];
  #words = new Uint32Array(FIRST_LINES * WORDS);
  #count = 0;

  /** @param words has the key at `at`. */
  add(part: P, line: number, words: Uint32Array, at: number, number: number): void {
    if (this.#parts.at(-1) !== part) this.#parts.push(part);
    if ((this.#count + 1) * WORDS > this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    const own = [this.#parts.length - 1, line, words[at]!, words[at + 1]!, number];
    this.#words.set(own, this.#count++ * WORDS);
  }

  *lines(): Generator<WaitingLine<P>> {
    for (let at = 0; at < this.#count * WORDS; at += WORDS) {
      const [part, line, low, high, number] = this.#words.subarray(at, at + WORDS);
      const key = (BigInt(high!) << 32n) | BigInt(low!);
      yield { part: this.#parts[part!]!, line: line!, key: BigInt.asIntN(64, key), number: number! };
    }
  }
}
