/** The load factor at which the table doubles. */
const MAX_LOAD = 0.7;

const FIRST_SLOTS = 1024;

/** The count of a slot whose hashes were all taken. Other hashes may stand behind it. */
const TAKEN = -1;

/**
 * Counts hashes: numbers of 16 bytes, or of a multiple, that are as good as random. It keeps them outside
 * JavaScript's heap in little more than their own size, while a Map of strings would take five times as much.
 */
export class HashCounts {
  readonly #words: number;
  #slots = FIRST_SLOTS;
  #ids: Uint32Array;
  #counts: Int32Array = new Int32Array(FIRST_SLOTS);
  #used = 0;
  /** The number of hashes counted and not taken again. */
  size = 0;

  /** @param bytes the bytes of one hash, a multiple of 4 and at least 8. */
  constructor(bytes: number) {
    this.#words = bytes / 4;
    this.#ids = new Uint32Array(FIRST_SLOTS * this.#words);
  }

  add(hash: Buffer): void {
    if (this.#used >= this.#slots * MAX_LOAD) this.#grow();
    const slot = this.#slotOf(hash);
    if (this.#counts[slot] === 0) {
      this.#used++;
      for (let w = 0; w < this.#words; w++) this.#ids[slot * this.#words + w] = hash.readUInt32LE(w * 4);
    }
    this.#counts[slot] = Math.max(0, this.#counts[slot]!) + 1;
    this.size++;
  }

  count(hash: Buffer): number {
    return Math.max(0, this.#counts[this.#slotOf(hash)]!);
  }

  /** Takes one hash away. Returns false if there is none. */
  take(hash: Buffer): boolean {
    const slot = this.#slotOf(hash);
    const count = this.#counts[slot]!;
    if (count <= 0) return false;
    this.#counts[slot] = count === 1 ? TAKEN : count - 1;
    this.size--;
    return true;
  }

  /** Takes away all hashes equal to this one, and returns their number. */
  takeAll(hash: Buffer): number {
    const slot = this.#slotOf(hash);
    const count = Math.max(0, this.#counts[slot]!);
    if (count > 0) this.#counts[slot] = TAKEN;
    this.size -= count;
    return count;
  }

  /**
   * Returns the slot of a hash, present or not. The search starts from the second word, because hashes of one
   * bucket begin alike.
   */
  #slotOf(hash: Buffer): number {
    const mask = this.#slots - 1;
    let slot = hash.readUInt32LE(4) & mask;
    while (this.#counts[slot] !== 0 && !this.#isAt(slot, hash)) slot = (slot + 1) & mask;
    return slot;
  }

  #isAt(slot: number, hash: Buffer): boolean {
    for (let w = 0; w < this.#words; w++)
      if (this.#ids[slot * this.#words + w] !== hash.readUInt32LE(w * 4)) return false;
    return true;
  }

  #grow(): void {
    const [ids, counts, slots] = [this.#ids, this.#counts, this.#slots];
    this.#slots = slots * 2;
    this.#ids = new Uint32Array(this.#slots * this.#words);
    this.#counts = new Int32Array(this.#slots);
    this.#used = 0;
    const mask = this.#slots - 1;
    for (let from = 0; from < slots; from++) {
      if (counts[from]! <= 0) continue;
      const at = from * this.#words;
      let slot = ids[at + 1]! & mask;
      while (this.#counts[slot] !== 0) slot = (slot + 1) & mask;
      this.#ids.set(ids.subarray(at, at + this.#words), slot * this.#words);
      this.#counts[slot] = counts[from]!;
      this.#used++;
    }
  }
}
