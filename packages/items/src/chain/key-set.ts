import { sha256BytesOf } from "@firebreak/archive";

/** The number of 32-bit words kept of a hash: 128 bits, so that no two keys collide. */
const WORDS = 4;

/** A set of key lines that takes 32 to 64 bytes a key, however long the key lines are. */
export class KeySet {
  #slots = new Uint32Array(1024 * WORDS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns true if the key is new. */
  add(keyLine: string): boolean {
    if ((this.#size + 1) * 2 * WORDS > this.#slots.length) this.#grow();
    return this.#put(wordsOf(keyLine));
  }

  has(keyLine: string): boolean {
    if (this.#size === 0) return false;
    const words = wordsOf(keyLine);
    return this.#slots[this.#find(words)] !== 0;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    this.#size = 0;
    for (let at = 0; at < old.length; at += WORDS) if (old[at] !== 0) this.#put(old.subarray(at, at + WORDS));
  }

  #put(words: Uint32Array): boolean {
    const at = this.#find(words);
    if (this.#slots[at] !== 0) return false;
    this.#slots.set(words, at);
    this.#size++;
    return true;
  }

  /** Returns the place of a hash, or of the free slot for it. */
  #find(words: Uint32Array): number {
    const slots = this.#slots;
    const mask = slots.length / WORDS - 1;
    let slot = words[1]! & mask;
    for (; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (slots[at] === 0 || words.every((word, i) => slots[at + i] === word)) return at;
    }
  }
}

function wordsOf(keyLine: string): Uint32Array {
  const digest = sha256BytesOf(keyLine);
  const words = new Uint32Array(digest.buffer.slice(digest.byteOffset, digest.byteOffset + 4 * WORDS));
  // 0 in the first word marks a free slot.
  words[0] ||= 1;
  return words;
}
