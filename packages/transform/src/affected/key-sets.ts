import { KEY_WORDS } from "../line-index/index-block.ts";
import { WordSet } from "../line-index/word-set.ts";

/** The keys of one group that decide which lines a delta affects. */
export class KeySets {
  /** The keys whose lines are mapped again. */
  readonly shared = new WordSet(KEY_WORDS);
  /** The keys that lines of the delta bring or take away. */
  readonly changed = new WordSet(KEY_WORDS);
  /** The keys that mapped lines look up for a value, or only to know if there is such a line. */
  readonly values = new WordSet(KEY_WORDS);
  readonly presences = new WordSet(KEY_WORDS);
  /** For each changed key: lines before the delta, those that it supersedes, and those that it brings. */
  readonly #before: number[] = [];
  readonly #gone: number[] = [];
  readonly #fresh: number[] = [];

  addGone(words: Uint32Array, at: number): void {
    this.#count(this.#gone, this.changed.add(words, at));
  }

  addFresh(words: Uint32Array, at: number): void {
    this.#count(this.#fresh, this.changed.add(words, at));
  }

  /** Counts a line of before the delta, if its key is a changed one. */
  countBefore(words: Uint32Array, at: number): void {
    const number = this.changed.numberOf(words, at);
    if (number >= 0) this.#count(this.#before, number);
  }

  /** True if a changed key certainly has lines both before and after the delta. Lines need not be counted. */
  isReplaced(number: number): boolean {
    return (this.#gone[number] ?? 0) > 0 && (this.#fresh[number] ?? 0) > 0;
  }

  /** True if a changed key has lines only before or only after the delta. Lines must have been counted. */
  hasOtherPresence(number: number): boolean {
    const before = this.#before[number] ?? 0;
    return before > 0 !== this.#after(number) > 0;
  }

  /** True if a changed key has no lines after the delta. Lines must have been counted. */
  isAbsentAfter(number: number): boolean {
    return this.#after(number) === 0;
  }

  #after(number: number): number {
    return (this.#before[number] ?? 0) - (this.#gone[number] ?? 0) + (this.#fresh[number] ?? 0);
  }

  #count(counts: number[], number: number): void {
    counts[number] = (counts[number] ?? 0) + 1;
  }
}
