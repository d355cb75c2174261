import type { ReadLine } from "@firebreak/archive";
import type { KeyBorders } from "@firebreak/mysql";
import { keyCells } from "./table-lines.ts";

/** The greatest key that a chain ever had in a table whose key is one ascending number. */
export class NewestKey {
  readonly #borders: KeyBorders;
  /** Undefined if there is none. */
  key: bigint | undefined;

  /** @param key the greatest key so far. */
  constructor(borders: KeyBorders, key?: bigint) {
    this.#borders = borders;
    this.key = key;
  }

  take(read: Pick<ReadLine, "fields">): void {
    if (!this.#borders.isAscendingInteger) return;
    const cells = keyCells(read, this.#borders.columns);
    if (cells === undefined) return;
    const key = BigInt(cells[0]!);
    if (this.key === undefined || key > this.key) this.key = key;
  }

  /** Returns the border after that key; undefined if there is no key. */
  behind(): ReturnType<KeyBorders["boundOf"]> {
    return this.key === undefined ? undefined : [String(this.key + 1n)];
  }
}
