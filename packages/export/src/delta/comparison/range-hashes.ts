import { sha256BytesOf } from "@firebreak/archive";

/** The 32-bit words of a hash that are kept: 128 bits, so that no two hashes are confused. */
const WORDS = 4;
const FIRST_ENTRIES = 1024;

/** Returns the hash of a key line or a line in byte text. */
export function textHash(text: string): Buffer {
  return sha256BytesOf(Buffer.from(text, "latin1"));
}

/**
 * The lines of one range, by the hash of the key line: the hash of the value. They change in memory while the
 * range is compared, which keys on the disk cannot. Takes some 50 to 100 bytes a key, whatever its length.
 */
export class RangeHashes {
  #keys = new Uint32Array(FIRST_ENTRIES * WORDS);
  #values = new Uint32Array(FIRST_ENTRIES * WORDS);
  #seen = new Uint8Array(FIRST_ENTRIES);
  /** Entries by key, counted from 1; 0 is free. There are at least twice as many slots as entries. */
  #slots = new Uint32Array(FIRST_ENTRIES * 2);
  #seenCount = 0;
  size = 0;

  /** Replaces the value of a key. */
  set(key: Buffer, value: Buffer): void {
    if (this.size * WORDS === this.#keys.length) this.#grow();
    const words = wordsOf(key);
    const slot = this.#slotOf(words);
    let entry = this.#slots[slot]! - 1;
    if (entry < 0) {
      entry = this.size++;
      this.#slots[slot] = entry + 1;
      this.#keys.set(words, entry * WORDS);
    }
    this.#values.set(wordsOf(value), entry * WORDS);
  }

  /** Returns the key's entry; -1 if the key is unknown. */
  find(key: Buffer): number {
    return this.size === 0 ? -1 : this.#slots[this.#slotOf(wordsOf(key))]! - 1;
  }

  isSeen(entry: number): boolean {
    return this.#seen[entry] === 1;
  }

  see(entry: number): void {
    if (this.isSeen(entry)) return;
    this.#seen[entry] = 1;
    this.#seenCount++;
  }

  get isAllSeen(): boolean {
    return this.#seenCount === this.size;
  }

  hasValue(entry: number, value: Buffer): boolean {
    return wordsOf(value).every((word, i) => word === this.#values[entry * WORDS + i]);
  }

  #slotOf(words: Uint32Array): number {
    const mask = this.#slots.length - 1;
    for (let slot = words[1]! & mask; ; slot = (slot + 1) & mask) {
      const at = (this.#slots[slot]! - 1) * WORDS;
      if (at < 0 || words.every((word, i) => word === this.#keys[at + i])) return slot;
    }
  }

  #grow(): void {
    this.#keys = grown(this.#keys, new Uint32Array(this.#keys.length * 2));
    this.#values = grown(this.#values, new Uint32Array(this.#values.length * 2));
    this.#seen = grown(this.#seen, new Uint8Array(this.#seen.length * 2));
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.size; entry++) {
      const words = this.#keys.subarray(entry * WORDS, (entry + 1) * WORDS);
      this.#slots[this.#slotOf(words)] = entry + 1;
    }
  }
}

function grown<A extends Uint32Array | Uint8Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function wordsOf(bytes: Buffer): Uint32Array {
  return new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 4 * WORDS));
}
