import type { ReadLine } from "@firebreak/archive";
import type { KeyBorders } from "@firebreak/mysql";
import { keyCells } from "./table-lines.ts";

/** The greatest key that a chain ever had in a table whose key is one ascending number. */
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

  /** Returns the border after that key; undefined if there is no key. */
  behind(): ReturnType<KeyBorders["boundOf"]> {
    return this.#newest === undefined ? undefined : [String(this.#newest + 1n)];
  }
}
