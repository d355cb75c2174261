import { keyLineOf, LineFields } from "@firebreak/archive";
import type { KeyBorders, RowRange } from "@firebreak/mysql";
import { firstLine, readLine, type ChainReading, type PlacedPart } from "./chain-lines.ts";
import { keyCells } from "./table-lines.ts";

/** A range of a table, and the parts that have what a chain's first link had there. */
export interface RowGroup {
  readonly range: RowRange;
  readonly parts: readonly PlacedPart[];
  /** The key line of the range's first row at that time. */
  readonly first: string | undefined;
}

/** The ranges that parts in the order of the key stand for, the first and the last being open. */
export async function rowGroups(
  parts: readonly PlacedPart[],
  borders: KeyBorders,
  reading: ChainReading,
): Promise<RowGroup[]> {
  const groups: { min: RowRange["min"]; first: string | undefined; parts: PlacedPart[] }[] = [
    { min: undefined, first: undefined, parts: [] },
  ];
  const keyFields = borders.columns.map((c) => c.name);
  for (const [i, placed] of parts.entries()) {
    const read = readLine(await firstLine(placed, reading), new LineFields());
    const cells = keyCells(read, borders.columns);
    const min = i === 0 || cells === undefined ? undefined : borders.boundOf(cells);
    if (min !== undefined) groups.push({ min, first: keyLineOf(read, keyFields), parts: [] });
    groups.at(-1)!.parts.push(placed);
  }
  return groups.map(({ min, first, parts: ofGroup }, index) => {
    const max = groups[index + 1]?.min;
    const range = { index, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    return { range, parts: ofGroup, first };
  });
}
