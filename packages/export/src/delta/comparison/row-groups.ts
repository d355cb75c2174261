import { keyLineOf, type PlacedPart } from "@firebreak/items";
import { LineFields, type ReadLine, type SourceTable } from "@firebreak/archive";
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

/**
 * Finds the range of a key that a later delta of a chain changed. If only the server knows the order of keys,
 * it finds none: ranges with such keys then differ from the expected digest, and are read.
 */
export class LaterPlaces {
  readonly #order: ((keyLine: string) => string | undefined) | undefined;
  /** The start of each range but the first. */
  readonly #starts: readonly string[];

  /** @param firsts the first key line of each range. */
  constructor(table: SourceTable, firsts: readonly (string | undefined)[]) {
    const order = rowOrder(table);
    const starts = firsts.slice(1).map((first) => order?.(first!));
    this.#order = starts.every((start) => start !== undefined) ? order : undefined;
    this.#starts = starts.map((start) => start ?? "");
  }

  /** Returns the index of the range; undefined if it is not known. */
  groupOf(keyLine: string): number | undefined {
    const place = this.#order?.(keyLine);
    if (place === undefined) return undefined;
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! <= place) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

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
