/**
 * Keeps items of a stream of unknown length: the first, the last, and others in even steps. It never keeps
 * more than twice as many as asked for.
 */
export class Spread<Item> {
  readonly #count: number;
  #kept: Item[] = [];
  #step = 1;
  #seen = 0;
  #last: Item | undefined;

  /** @param count the number of items wanted, at least 2. */
  constructor(count: number) {
    this.#count = Math.max(2, count);
  }

  add(item: Item): void {
    this.#last = item;
    if (this.#seen % this.#step === 0) {
      this.#kept.push(item);
      if (this.#kept.length >= 2 * this.#count) {
        this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
        this.#step *= 2;
      }
    }
    this.#seen++;
  }

  /** The items kept so far, in their order. */
  get items(): Item[] {
    const last = this.#last;
    return last === undefined || this.#kept.at(-1) === last ? this.#kept : [...this.#kept, last];
  }
}
