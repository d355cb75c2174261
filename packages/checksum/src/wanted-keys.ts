import { RowHasher, identifyingColumns, keyIndexes } from "@firebreak/items";
import type { MysqlTable } from "@firebreak/archive";
import type { Cells } from "./expected-row.ts";

/**
 * A set of keys of one table, stored as hashes. Hashes have 128 bits, because two keys with equal hashes
 * would count as one. The hashes divide the keys into shares, and the set takes only the keys of one share,
 * which bounds the memory.
 */
export class WantedKeys {
  readonly #hasher: RowHasher;
  readonly #keyIndexes: readonly number[];
  readonly #share: number;
  readonly #shares: number;
  readonly #hashes = new Set<string>();

  constructor(table: MysqlTable, share: number, shares: number) {
    this.#keyIndexes = keyIndexes(table);
    this.#hasher = new RowHasher(
      identifyingColumns(table).map((c) => c.form),
      "values",
    );
    this.#share = share;
    this.#shares = shares;
  }

  /** @param key the key in the order of `keyColumns`, or the row if the table has no key. */
  add(key: Cells): void {
    const hash = this.#hasher.hash(key);
    if (hash.readUInt16BE(16) % this.#shares === this.#share)
      this.#hashes.add(hash.toString("latin1", 0, 16));
  }

  /** True if a row has one of the keys. */
  hasKeyOf(cells: Cells): boolean {
    const key = this.#keyIndexes.length === 0 ? cells : this.#keyIndexes.map((i) => cells[i]!);
    return this.#hashes.has(this.#hasher.hash(key).toString("latin1", 0, 16));
  }
}
