import { createHash } from "node:crypto";
import type { MysqlTable } from "@firebreak/archive";
import { canonicalBytes, RowHasher } from "./row-hash.ts";

/** Cells in byte text, as `readCsv` gives them. */
type Cells = readonly (string | null)[];

/** Computes the hashes of a row that the server computes by `keyHashSql` and `rowHashSql`. */
export class RowIdentity {
  readonly #table: Pick<MysqlTable, "columns" | "keyColumns">;
  readonly #hasher: RowHasher;
  readonly #keyIndexes: readonly number[];

  constructor(table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">) {
    this.#table = table;
    this.#hasher = new RowHasher(
      table.columns.map((c) => c.form),
      table.rowEncoding,
    );
    this.#keyIndexes = keyIndexes(table);
  }

  rowHash(cells: Cells): Buffer {
    return this.#hasher.hash(cells);
  }

  keyHash(cells: Cells): Buffer {
    if (this.#keyIndexes.length === 0) return this.rowHash(cells);
    const hash = createHash("sha256");
    for (const i of this.#keyIndexes) {
      const cell = cells[i]!;
      if (cell === null) hash.update("-");
      else {
        const bytes = canonicalBytes(cell, this.#table.columns[i]!.form);
        hash.update(`${bytes.length}:`).update(bytes);
      }
    }
    return hash.digest();
  }

  /** Returns the values of the key, or the whole row of a table without a key. */
  keyOf(cells: Cells): Cells {
    return this.#keyIndexes.length === 0 ? cells : this.#keyIndexes.map((i) => cells[i]!);
  }
}

/**
 * Returns the values of a key as one text. It is equal for equal keys, however their cells are spelled.
 *
 * @param key as `keyOf` gives it.
 */
export function keyText(table: Pick<MysqlTable, "columns" | "keyColumns">, key: Cells): string {
  const columns = identifyingColumns(table);
  return JSON.stringify(
    key.map((cell, i) => (cell === null ? null : canonicalBytes(cell, columns[i]!.form).toString("latin1"))),
  );
}

/**
 * Returns the indexes of the key's columns among all, in the key's own order. It is empty for a table without
 * a key.
 */
export function keyIndexes(table: Pick<MysqlTable, "columns" | "keyColumns">): number[] {
  return table.keyColumns.map((name) => table.columns.findIndex((c) => c.name === name));
}

/** Returns the columns that tell a row from the others: those of the key, or all. */
export function identifyingColumns<C extends { readonly name: string }>(table: {
  readonly columns: readonly C[];
  readonly keyColumns: readonly string[];
}): readonly C[] {
  return table.keyColumns.length === 0
    ? table.columns
    : table.keyColumns.map((name) => table.columns.find((c) => c.name === name)!);
}
