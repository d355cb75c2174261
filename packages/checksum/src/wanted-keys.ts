import { RowHasher, type MysqlTable, identifyingColumns, keyIndexes } from "@firebreak/archive";
import type { Cells } from "./expected-rows.ts";

/**
 * A set of keys of one table, kept by their hashes: of 128 bits, for two keys of
 * the same hash would pass for one. Keys are divided into shares by their
 * hashes, and only those of one share are taken: what bounds the memory.
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

  /** @param key in the order of `keyColumns`; of a table without a key, the row. */
  add(key: Cells): void {
    const hash = this.#hasher.hash(key);
    if (hash.readUInt16BE(16) % this.#shares === this.#share)
      this.#hashes.add(hash.toString("latin1", 0, 16));
  }

  /** Whether a row has one of the keys. */
  hasKeyOf(cells: Cells): boolean {
    const key = this.#keyIndexes.length === 0 ? cells : this.#keyIndexes.map((i) => cells[i]!);
    return this.#hashes.has(this.#hasher.hash(key).toString("latin1", 0, 16));
  }
}
