import { keyLineOf, type PlacedPart } from "@firebreak/items";
import { LineFields, type SourceTable } from "@firebreak/archive";
import { rowOrder } from "@firebreak/mysql-format";
import type { KeyBorders, RowRange } from "@firebreak/mysql";
import { firstLine, readLine, type ChainReading } from "./chain-lines.ts";
import { keyCells } from "./table-lines.ts";

/** A range of a table, and the parts of a chain's first link that cover it. */
export interface RowGroup {
  readonly range: RowRange;
  readonly parts: readonly PlacedPart[];
  /** The key line of the range's first row at the time of that link. */
  readonly first: string | undefined;
}

interface Group {
  readonly min: RowRange["min"];
  readonly first: string | undefined;
  readonly parts: PlacedPart[];
}

/**
 * Returns the ranges that parts in the order of the key cover; the first and the last are open. If the first
 * key of a part does not sort after the border before it, the part begins no range: lines whose order is
 * unknown may come after all others.
 *
 * @param hasRows is asked if only the server knows the order: a range whose borders do not ascend has no
 * rows.
 */
export async function rowGroups(
  parts: readonly PlacedPart[],
  table: SourceTable,
  borders: KeyBorders,
  reading: ChainReading,
  hasRows: (range: RowRange) => Promise<boolean>,
): Promise<RowGroup[]> {
  const order = rowOrder(table);
  const groups: Group[] = [{ min: undefined, first: undefined, parts: [] }];
  const keyFields = borders.columns.map((c) => c.name);
  const isAscending = async (last: Group, next: Group): Promise<boolean> => {
    if (last.min === undefined || next.min === undefined) return true;
    const [a, b] = [order?.(last.first!), order?.(next.first!)];
    return a !== undefined && b !== undefined
      ? a < b
      : await hasRows({ index: 0, min: last.min, max: next.min });
  };
  for (const [i, placed] of parts.entries()) {
    const read = readLine(await firstLine(placed, reading), new LineFields());
    const cells = keyCells(read, borders.columns);
    const min = i === 0 || cells === undefined ? undefined : borders.boundOf(cells);
    const last = groups.at(-1)!;
    const next = { min, first: keyLineOf(read, keyFields), parts: [placed] };
    if (min !== undefined && (await isAscending(last, next))) groups.push(next);
    else last.parts.push(placed);
  }
  return groups.map(({ min, first, parts: ofGroup }, index) => {
    const max = groups[index + 1]?.min;
    const range = { index, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    return { range, parts: ofGroup, first };
  });
}
