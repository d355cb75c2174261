import { KEY, KEY_KIND, KEY_WORDS, type KeyBlock } from "../line-index/index-block.ts";
import type { KeySets } from "./key-sets.ts";

/** The bytes of a line's own key and its kind. */
const LINE_BYTES = 9;
/** The most bytes of own keys in memory: those of 5.6 million lines. */
const MOST_BYTES = 48 * 1024 * 1024;

/** The own keys of a part's lines, so that a second look at the part does not read it again in vain. */
export class OwnKeys {
  readonly #keys: Uint32Array;
  readonly #kinds: Uint8Array;
  #count = 0;

  private constructor(lineCount: number) {
    this.#keys = new Uint32Array(lineCount * KEY_WORDS);
    this.#kinds = new Uint8Array(lineCount);
  }

  /** Returns a function that makes the keys of each part. It makes none if those of all parts would be too many. */
  static forLines(lineCount: number): (ofPart: number) => OwnKeys | undefined {
    return lineCount * LINE_BYTES > MOST_BYTES ? () => undefined : (ofPart) => new OwnKeys(ofPart);
  }

  /** Adds the next block of the part. */
  add({ keys, kinds, count }: KeyBlock): void {
    this.#keys.set(keys, this.#count * KEY_WORDS);
    this.#kinds.set(kinds, this.#count);
    this.#count += count;
  }

  /**
   * Returns true if a line shares its key with others, or is looked up by them.
   *
   * @param isSettled returns true for a line (from 1) that does not count.
   */
  hasAny({ shared, values, presences }: KeySets, isSettled: (line: number) => boolean): boolean {
    const [keys, kinds] = [this.#keys, this.#kinds];
    for (let i = 0; i < this.#count; i++) {
      const kind = kinds[i]! & KEY_KIND;
      if (kind === KEY.none) continue;
      const at = i * KEY_WORDS;
      const isWanted =
        shared.has(keys, at) || (kind === KEY.shared && (values.has(keys, at) || presences.has(keys, at)));
      if (isWanted && !isSettled(i + 1)) return true;
    }
    return false;
  }
}
