import { cellOfLine, ownColumn } from "@firebreak/mysql-format";
import { RowHasher } from "@firebreak/items";
import type { ReadLine, SourceColumn, SourceTable } from "@firebreak/archive";
import type { LineKinds } from "./later-lines.ts";
import { textHash } from "./range-hashes.ts";

/**
 * Rows: the hash of its cells tells a line from others. A server computes the same hash from the row itself.
 */
export class TableLines implements LineKinds {
  readonly keyFields: readonly string[];
  readonly #columns: readonly SourceColumn[];
  readonly #hasher: RowHasher;
  /** True if all lines so far could be read as cells. The server's digests say nothing about other lines. */
  isHashed = true;

  constructor({ columns, keyColumns }: SourceTable) {
    this.keyFields = keyColumns;
    this.#columns = columns.filter((c) => !c.isGenerated);
    this.#hasher = new RowHasher(
      this.#columns.map((c) => ownColumn(c).form),
      "values",
    );
  }

  valueOf({ line, fields }: Pick<ReadLine, "line" | "fields">): Buffer {
    const cells = this.#cells(fields);
    if (cells !== undefined) return this.#hasher.hash(cells);
    this.isHashed = false;
    return textHash(line);
  }

  #cells(fields: ReadLine["fields"]): (string | null)[] | undefined {
    if (fields.count !== this.#columns.length) return undefined;
    const cells: (string | null)[] = [];
    for (const [i, column] of this.#columns.entries()) {
      const cell = fields.names[i] === column.name ? cellOfLine(column, fields, i) : undefined;
      if (cell === undefined) return undefined;
      cells.push(cell);
    }
    return cells;
  }
}

/** Returns the cells of key columns in byte text; undefined if the line lacks one of them. */
export function keyCells(
  { fields }: Pick<ReadLine, "fields">,
  columns: readonly SourceColumn[],
): string[] | undefined {
  const cells: string[] = [];
  for (const column of columns) {
    const i = fields.names.indexOf(column.name);
    const cell = i < 0 || i >= fields.count ? undefined : cellOfLine(column, fields, i);
    if (cell === undefined || cell === null) return undefined;
    cells.push(cell);
  }
  return cells;
}
