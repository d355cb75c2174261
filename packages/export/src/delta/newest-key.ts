import type { ReadLine } from "@firebreak/archive";
import type { KeyBorders } from "@firebreak/mysql";
import { keyCells } from "./table-lines.ts";

/** The greatest key that a chain has had of a table whose key is one number that goes upwards. */
export class NewestKey {
  readonly #borders: KeyBorders;
  #newest: bigint | undefined;

  constructor(borders: KeyBorders) {
    this.#borders = borders;
  }

  take(read: Pick<ReadLine, "fields">): void {
    if (!this.#borders.isAscendingInteger) return;
    const cells = keyCells(read, this.#borders.columns);
    if (cells === undefined) return;
    const key = BigInt(cells[0]!);
    if (this.#newest === undefined || key > this.#newest) this.#newest = key;
  }

  /** The border behind it; undefined where there is none. */
  behind(): ReturnType<KeyBorders["boundOf"]> {
    return this.#newest === undefined ? undefined : [String(this.#newest + 1n)];
  }
}
