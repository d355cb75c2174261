import { pageBytesOf, rowBytesOf, type ColumnPlan, type ColumnRule } from "@firebreak/mysql-format";
import { MAX_KEY_BYTES } from "./index-plan.ts";

/** MySQL's limit for a row without TEXT and BLOB (manual, 10.4.7), minus the bytes that the server adds. */
const MAX_ROW_BYTES = 65_000;

/**
 * InnoDB's limit is 8,126 bytes for a row in a 16 KiB page (manual, 17.22), with its header and null bits.
 */
const MAX_PAGE_BYTES = 8_000;

/** The least length at which InnoDB can move a VARCHAR out of the page. */
const MOVABLE_CHARACTERS = 64;

/** A column with room, and the rule that it has without room. */
export interface RoomyColumn extends ColumnPlan {
  readonly exact: ColumnRule;
}

/**
 * Fits the columns of a table to the server's limits. First, columns lose their room where it would prevent
 * an index from covering whole columns, or cost a field its column. Then columns leave the page or the row.
 * At last the rarest fields lose their column.
 *
 * @param all the columns: the key first, the rarest field last, without `_extra`.
 * @param indexes the column names of each index.
 */
export function fitRow(all: readonly RoomyColumn[], indexes: readonly (readonly string[])[]): ColumnPlan[] {
  let columns = withWholeIndexes(all, indexes);
  if (!fitsPage(columns)) columns = columns.map(movable);
  if (!fitsPage(columns)) columns = columns.map(smaller);
  while (!fitsPage(columns)) columns.pop();
  const indexed = new Set(indexes.flat());
  while (!fitsRow(columns)) {
    const longest = longestField(columns, indexed);
    columns = columns.map((c) => (c === longest ? { ...c, rule: outOfRow(c.rule) } : c));
  }
  return columns.map(({ name, rule }) => ({ name, rule }));
}

/**
 * True if InnoDB's page takes the table's rows.
 *
 * @param columns the columns, the key first, without `_extra`.
 */
export function fitsPage(columns: readonly ColumnPlan[]): boolean {
  const bytes = columns.reduce((sum, c, i) => sum + pageBytesOf(c.rule, i === 0), 0);
  return bytes + pageBytesOf({ kind: "extra" }, false) <= MAX_PAGE_BYTES;
}

/**
 * True if the server takes the table's rows.
 *
 * @param columns the columns without `_extra`.
 */
export function fitsRow(columns: readonly ColumnPlan[]): boolean {
  return bytesOf(columns) + rowBytesOf({ kind: "extra" }) <= MAX_ROW_BYTES;
}

/** Removes the room of an index's columns if only then the index covers them whole. */
function withWholeIndexes(
  all: readonly RoomyColumn[],
  indexes: readonly (readonly string[])[],
): RoomyColumn[] {
  let columns = [...all];
  for (const index of indexes) {
    const isOf = ({ name }: ColumnPlan): boolean => index.includes(name);
    const own = columns.filter(isOf);
    const exact = own.map((c) => ({ ...c, rule: c.exact }));
    if (bytesOf(own) > MAX_KEY_BYTES && bytesOf(exact) <= MAX_KEY_BYTES)
      columns = columns.map((c) => (isOf(c) ? { ...c, rule: c.exact } : c));
  }
  return columns;
}

function bytesOf(columns: readonly ColumnPlan[]): number {
  return columns.reduce((sum, c) => sum + rowBytesOf(c.rule), 0);
}

/** Returns the longest column that may leave the row. Indexed ones come last: their index loses its end. */
function longestField([, ...fields]: readonly RoomyColumn[], indexed: ReadonlySet<string>): RoomyColumn {
  const canLeave = fields.filter((c) => rowBytesOf(c.rule) > rowBytesOf(outOfRow(c.rule)));
  const free = canLeave.filter((c) => !indexed.has(c.name));
  return (free.length > 0 ? free : canLeave).reduce((a, b) =>
    rowBytesOf(b.rule) > rowBytesOf(a.rule) ? b : a,
  );
}

/** Removes a column's room if it then takes less of the page. */
function smaller(column: RoomyColumn, place: number): RoomyColumn {
  const exact = movable({ ...column, rule: column.exact }, place);
  const isKey = place === 0;
  return pageBytesOf(exact.rule, isKey) < pageBytesOf(column.rule, isKey) ? exact : column;
}

function movable<C extends ColumnPlan>(column: C, place: number): C {
  const { rule } = column;
  if (place === 0) return column;
  if (rule.kind === "string" && rule.maxCharacters !== undefined && rule.maxCharacters < MOVABLE_CHARACTERS)
    return { ...column, rule: { kind: "string", maxCharacters: MOVABLE_CHARACTERS } };
  return rule.kind === "binary" && rule.maxBytes < 256
    ? { ...column, rule: { kind: "binary", maxBytes: 256 } }
    : column;
}

function outOfRow(rule: ColumnRule): ColumnRule {
  return rule.kind === "binary" ? { kind: "binary", maxBytes: 65_535 } : { kind: "string", maxBytes: 65_535 };
}
