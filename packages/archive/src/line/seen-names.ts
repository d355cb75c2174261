/** Up to this many names a look at each is quicker than a set. */
const FEW = 24;
const FIELDS = 3;

/**
 * The field names seen so far in the documents being encoded, innermost last,
 * to notice a duplicate: JSON readers keep only one of two equal names.
 */
export class SeenNames {
  /** Hash, start and end of each name, flat, so that a document allocates nothing. */
  #names = new Int32Array(64 * FIELDS);
  #count = 0;
  #sets = new Map<number, Set<string>>();

  /** Begins a document; give the mark to `add` and `leave`. */
  enter(): number {
    return this.#count;
  }

  leave(mark: number): void {
    this.#count = mark;
    if (this.#sets.size > 0) this.#sets.delete(mark);
  }

  /** Forgets everything, after a document was given up half-way. */
  clear(): void {
    this.#count = 0;
    this.#sets.clear();
  }

  /** Adds a name to the document entered at `mark`; false if that document has it already. */
  add(source: Buffer, mark: number, start: number, end: number): boolean {
    const count = this.#count;
    if (count - mark >= FEW) return this.#addToSet(source, mark, start, end);
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + source[i]!) | 0;
    for (let i = mark * FIELDS; i < count * FIELDS; i += FIELDS)
      if (this.#names[i] === hash && isSame(source, this.#names[i + 1]!, this.#names[i + 2]!, start, end))
        return false;
    if ((count + 1) * FIELDS > this.#names.length) {
      const grown = new Int32Array(this.#names.length * 2);
      grown.set(this.#names);
      this.#names = grown;
    }
    this.#names[count * FIELDS] = hash;
    this.#names[count * FIELDS + 1] = start;
    this.#names[count * FIELDS + 2] = end;
    this.#count = count + 1;
    return true;
  }

  #addToSet(source: Buffer, mark: number, start: number, end: number): boolean {
    let names = this.#sets.get(mark);
    if (names === undefined) {
      names = new Set();
      for (let i = mark * FIELDS; i < this.#count * FIELDS; i += FIELDS)
        names.add(source.toString("latin1", this.#names[i + 1], this.#names[i + 2]));
      this.#sets.set(mark, names);
    }
    const before = names.size;
    return names.add(source.toString("latin1", start, end)).size > before;
  }
}

function isSame(source: Buffer, aStart: number, aEnd: number, bStart: number, bEnd: number): boolean {
  if (aEnd - aStart !== bEnd - bStart) return false;
  for (let i = 0; i < aEnd - aStart; i++) if (source[aStart + i] !== source[bStart + i]) return false;
  return true;
}
