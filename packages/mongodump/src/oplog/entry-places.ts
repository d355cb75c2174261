const FIRST_COUNT = 1024;
const NONE = -1;

/**
 * The places of entries in a file, each with the previous entry of the same document. An entry takes 13
 * bytes, outside the heap.
 */
export class EntryPlaces {
  #places = new Float64Array(FIRST_COUNT);
  #before = new Int32Array(FIRST_COUNT);
  #met = new Uint8Array(FIRST_COUNT);
  #count = 0;

  /**
   * Adds an entry.
   *
   * @param before the entry of the same document that it needs, or undefined if it needs none.
   * @returns the entry's number.
   */
  add(place: number, before: number | undefined): number {
    if (this.#count === this.#places.length) this.#grow();
    this.#places[this.#count] = place;
    this.#before[this.#count] = before ?? NONE;
    return this.#count++;
  }

  /** Returns the places of an entry and of all entries that it needs, from the first to the last. */
  upTo(entry: number): number[] {
    const places: number[] = [];
    for (let at = entry; at !== NONE; at = this.#before[at]!) places.push(this.#places[at]!);
    return places.reverse();
  }

  /** Records that the dump has the document with this last entry. */
  meet(entry: number): void {
    this.#met[entry] = 1;
  }

  isMet(entry: number): boolean {
    return this.#met[entry] === 1;
  }

  #grow(): void {
    const length = this.#places.length * 2;
    const [places, before, met] = [new Float64Array(length), new Int32Array(length), new Uint8Array(length)];
    places.set(this.#places);
    before.set(this.#before);
    met.set(this.#met);
    [this.#places, this.#before, this.#met] = [places, before, met];
  }
}
