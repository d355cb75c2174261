import { ownColumn, sqlFamily, keyLiteral } from "@firebreak/mysql-format";
import type { SourceColumn } from "@firebreak/archive";
import { rowOrder, type KeyBound } from "./row-order.ts";
import type { FoundTable } from "./source-schema.ts";

/** The borders that cut a table's rows into ranges, by keys that are known from elsewhere. */
export interface KeyBorders {
  /** The columns of the key, in its order. */
  readonly columns: readonly SourceColumn[];
  /** True if the key is one integer in ascending order. */
  readonly isAscendingInteger: boolean;
  /**
   * Returns the border in front of the row with this key, for `RowRange`. Undefined if no literal
   * expresses it.
   *
   * @param cells of `columns`, in byte text, as `cellOfLine` makes them.
   */
  boundOf(cells: readonly string[]): KeyBound | undefined;
}

/**
 * Returns undefined for a table without a key. Also returns undefined if the key has a column that
 * literals do not compare in sort order, or a column that lines do not have.
 */
export function keyBorders(found: Pick<FoundTable, "database" | "name" | "table">): KeyBorders | undefined {
  const { bounds } = rowOrder(found);
  const { keyColumns, columns: all } = found.table;
  const columns = keyColumns.map((name) => all.find((c) => c.name === name)!);
  if (bounds.length === 0 || bounds.length < keyColumns.length) return undefined;
  if (columns.some((c) => c.isGenerated)) return undefined;
  const [first] = bounds;
  return {
    columns,
    isAscendingInteger:
      columns.length === 1 && sqlFamily(columns[0]!.dataType) === "integer" && !first!.isDescending,
    boundOf: (cells) => {
      const literals = columns.map((column, i) => literalOf(column, cells[i]!));
      return literals.every((literal) => literal !== undefined) ? literals : undefined;
    },
  };
}

function literalOf(column: SourceColumn, cell: string): string | undefined {
  // A UUID has only one notation, unlike the types of its family that compare in other ways.
  if (column.dataType.toLowerCase() === "uuid") return /^[0-9a-f-]{36}$/.test(cell) ? `'${cell}'` : undefined;
  return keyLiteral(ownColumn(column), cell);
}
