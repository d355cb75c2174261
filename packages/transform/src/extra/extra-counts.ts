import type { ExtraCount } from "@firebreak/archive";
import { EXTRA_COLUMN } from "@firebreak/mysql-format";

/**
 * The most fields without a column that are listed by name. If there are more, as in maps, none is listed.
 */
export const MAX_COLUMNLESS = 100;

/**
 * Sums up counts and subtracts others. The result has one entry for each column and reason, in the order of
 * the columns, then by the names of the other fields.
 *
 * If more than `MAX_COLUMNLESS` fields have no column, all of them count as `_extra`. The sum is therefore
 * the same however the rows were spread over parts.
 *
 * @param columns the names of the table's columns.
 */
export function totalExtra(
  columns: readonly string[],
  plus: readonly (readonly ExtraCount[])[],
  minus: readonly (readonly ExtraCount[])[] = [],
): ExtraCount[] {
  const places = new Map(columns.map((name, i) => [name, i]));
  places.delete(EXTRA_COLUMN);
  const all = [...plus.flat(), ...minus.flat().map((count) => ({ ...count, values: -count.values }))];
  const others = new Set(all.map(({ column }) => column).filter((name) => !places.has(name)));
  const isTogether = others.has(EXTRA_COLUMN) || others.size > MAX_COLUMNLESS;
  const sums = new Map<string, ExtraCount>();
  for (const count of all) {
    const column = isTogether && !places.has(count.column) ? EXTRA_COLUMN : count.column;
    const key = JSON.stringify([column, count.reason]);
    const known = sums.get(key);
    sums.set(key, { ...count, column, values: (known?.values ?? 0) + count.values });
  }
  const placeOf = ({ column }: ExtraCount): number => places.get(column) ?? columns.length;
  return [...sums.values()]
    .filter(({ values }) => values > 0)
    .sort((a, b) => placeOf(a) - placeOf(b) || ordered(a.column, b.column) || ordered(a.reason, b.reason));
}

function ordered(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
