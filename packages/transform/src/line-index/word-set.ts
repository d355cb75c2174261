const FIRST_SLOTS = 1024;
/** The part of the slots that may be taken. */
const MOST_LOAD = 0.5;

/** The size of the filter, in bits of its index. */
const FILTER_BITS = 16;

/** A set of keys of at least two 32-bit words each, numbered in the order in which they came: 20 bytes for a number. */
export class WordSet {
  readonly #width: number;
  #words: Uint32Array;
  /** The number of each key, plus one; 0 in a free slot. */
  #numbers: Uint32Array;
  #size = 0;
  /** It has 1 at the hash of each key in the set: 0 proves at once that a key is not in it, as most are not. */
  readonly #filter = new Uint8Array(1 << FILTER_BITS);

  constructor(width: number) {
    this.#width = width;
    this.#words = new Uint32Array(FIRST_SLOTS * width);
    this.#numbers = new Uint32Array(FIRST_SLOTS);
  }

  get size(): number {
    return this.#size;
  }

  /** Adds the key at a place of other words. Returns its number. */
  add(words: Uint32Array, at: number): number {
    if (this.#size >= this.#numbers.length * MOST_LOAD) this.#grow();
    const slot = this.#slotOf(words, at);
    if (this.#numbers[slot] === 0) {
      for (let i = 0; i < this.#width; i++) this.#words[slot * this.#width + i] = words[at + i]!;
      this.#numbers[slot] = ++this.#size;
      this.#filter[filterPlace(words, at)] = 1;
    }
    return this.#numbers[slot]! - 1;
  }

  /** Returns a key's number, or -1. */
  numberOf(words: Uint32Array, at: number): number {
    return this.#filter[filterPlace(words, at)] === 0 ? -1 : this.#numbers[this.#slotOf(words, at)]! - 1;
  }

  has(words: Uint32Array, at: number): boolean {
    return this.numberOf(words, at) >= 0;
  }

  #slotOf(words: Uint32Array, at: number): number {
    const mask = this.#numbers.length - 1;
    let hash = 0;
    for (let i = 0; i < this.#width; i++) {
      hash = Math.imul(hash ^ words[at + i]!, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (this.#numbers[slot] === 0) return slot;
      let i = 0;
      while (i < this.#width && this.#words[slot * this.#width + i] === words[at + i]) i++;
      if (i === this.#width) return slot;
    }
  }

  #grow(): void {
    const [words, numbers] = [this.#words, this.#numbers];
    this.#words = new Uint32Array(words.length * 2);
    this.#numbers = new Uint32Array(numbers.length * 2);
    for (let old = 0; old < numbers.length; old++) {
      if (numbers[old] === 0) continue;
      const slot = this.#slotOf(words, old * this.#width);
      for (let i = 0; i < this.#width; i++)
        this.#words[slot * this.#width + i] = words[old * this.#width + i]!;
      this.#numbers[slot] = numbers[old]!;
    }
  }
}

function filterPlace(words: Uint32Array, at: number): number {
  return (Math.imul(words[at]!, 0x9e3779b1) ^ Math.imul(words[at + 1]!, 0x85ebca6b)) >>> (32 - FILTER_BITS);
}
