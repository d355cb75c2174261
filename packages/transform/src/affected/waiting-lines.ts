import { KeyBlock } from "../line-index/index-block.ts";

/** The words of a line: its part, its number, that of the key it waits for, its kinds, and its keys. */
const WORDS = 8;
const FIRST_LINES = 1024;

/** A line that is mapped again if the key that it asks for appears or disappears. */
export interface WaitingLine<P> {
  readonly part: P;
  readonly line: number;
  /** The key's number among the changed ones. */
  readonly number: number;
  /** A block of the line alone. It is valid until the next line. */
  readonly block: KeyBlock;
}

/** Lines that wait for the end of a reading, in 32 bytes each. */
export class WaitingLines<P> {
  readonly #parts: P[] = [];
  #words = new Uint32Array(FIRST_LINES * WORDS);
  #count = 0;

  add(part: P, line: number, number: number, { kinds, keys, references }: KeyBlock, i: number): void {
    if (this.#parts.at(-1) !== part) this.#parts.push(part);
    if ((this.#count + 1) * WORDS > this.#words.length) {
      const words = new Uint32Array(this.#words.length * 2);
      words.set(this.#words);
      this.#words = words;
    }
    const own = [keys[2 * i]!, keys[2 * i + 1]!, references[2 * i]!, references[2 * i + 1]!];
    this.#words.set([this.#parts.length - 1, line, number, kinds[i]!, ...own], this.#count++ * WORDS);
  }

  *lines(): Generator<WaitingLine<P>> {
    const block = new KeyBlock(1);
    for (let at = 0; at < this.#count * WORDS; at += WORDS) {
      const [part, line, number, kinds] = this.#words.subarray(at, at + 4);
      block.kinds[0] = kinds!;
      block.keys.set(this.#words.subarray(at + 4, at + 6));
      block.references.set(this.#words.subarray(at + 6, at + 8));
      yield { part: this.#parts[part!]!, line: line!, number: number!, block };
    }
  }
}
