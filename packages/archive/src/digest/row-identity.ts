import { createHash } from "node:crypto";
import type { MysqlTable } from "../manifest/mysql-manifest.ts";
import { canonicalBytes, RowHasher } from "./row-hash.ts";

/** Byte text, as `readCsv` gives it. */
type Cells = readonly (string | null)[];

/** Makes of a row what the server's `keyHashSql` and `rowHashSql` make of it. */
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

  /** The values of the key; of a table without one, the whole row. */
  keyOf(cells: Cells): Cells {
    return this.#keyIndexes.length === 0 ? cells : this.#keyIndexes.map((i) => cells[i]!);
  }
}

/**
 * The values of a key as one text, equal for equal keys whatever spelling their cells have.
 *
 * @param key as `keyOf` gives it.
 */
export function keyText(table: Pick<MysqlTable, "columns" | "keyColumns">, key: Cells): string {
  const columns = identifyingColumns(table);
  return JSON.stringify(
    key.map((cell, i) => (cell === null ? null : canonicalBytes(cell, columns[i]!.form).toString("latin1"))),
  );
}

/** Where the columns of the key stand among all, in the key's own order; none for a table without one. */
export function keyIndexes(table: Pick<MysqlTable, "columns" | "keyColumns">): number[] {
  return table.keyColumns.map((name) => table.columns.findIndex((c) => c.name === name));
}

/** The columns that tell a row from the others: those of the key, or all. */
export function identifyingColumns<C extends { readonly name: string }>(table: {
  readonly columns: readonly C[];
  readonly keyColumns: readonly string[];
}): readonly C[] {
  return table.keyColumns.length === 0
    ? table.columns
    : table.keyColumns.map((name) => table.columns.find((c) => c.name === name)!);
}
