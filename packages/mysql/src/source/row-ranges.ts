import { rowsOfRange, SAMPLE_ROWS, sampleRows } from "@firebreak/items";
import { namesBytes, quoteIdentifier, VALUE_BYTES, type LineForm } from "@firebreak/mysql-format";
import type { MysqlSession } from "../driver/connect.ts";
import { rowSelect } from "./row-select.ts";
import { beforeBound, fromBound, rowOrder, type KeyBound, type RowOrder } from "./row-order.ts";
import type { FoundTable } from "./source-schema.ts";

/**
 * A range of a table in the order of its key, from `min` up to but not including `max`. An end is
 * open if its bound is missing.
 */
export interface RowRange {
  readonly index: number;
  readonly min?: KeyBound;
  readonly max?: KeyBound;
}

/**
 * The driver refuses results with some names, such as `__proto__`. An empty name, which no column
 * has, does not interfere with ORDER BY.
 */
const NAMELESS = "``";

/**
 * Plans a table's ranges one by one, each about `partBytes` of lines, by walking the key. The
 * borders are existing keys, whatever the gaps between them, and follow from the rows alone. Each
 * range begins where the one before ends, so together they cover the table, whatever is written to
 * it meanwhile.
 *
 * @param after the last range of a plan to continue.
 */
export async function* rowRanges(
  session: MysqlSession,
  table: FoundTable,
  partBytes: number,
  after?: RowRange,
): AsyncGenerator<RowRange> {
  const order = rowOrder(table);
  const size = lineBytesSql(table);
  let min = after?.max;
  for (let index = after === undefined ? 0 : after.index + 1; ; index++) {
    const max = order.bounds.length === 0 ? undefined : await nextBound(session, order, size, min, partBytes);
    yield { index, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    if (max === undefined) return;
    min = max;
  }
}

/** Returns the query that reads a range, in order. */
export function rangeSql(table: FoundTable, range: RowRange): string {
  const order = rowOrder(table);
  // A table may have only generated columns: its lines have no fields, but there is one for each row.
  const expressions = rowSelect(table.table.columns).expressions.map((e) => `${e} AS ${NAMELESS}`);
  return `SELECT ${expressions.join(", ") || "1"} FROM ${order.from}${rangeCondition(order, range)}${order.orderBy}`;
}

/** Returns the WHERE clause for the rows of a range. */
export function rangeCondition(order: RowOrder, { min, max }: RowRange): string {
  const conditions = [
    ...(min === undefined ? [] : [fromBound(order, min)]),
    ...(max === undefined ? [] : [beforeBound(order, max)]),
  ];
  return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
}

async function nextBound(
  session: MysqlSession,
  order: RowOrder,
  size: string,
  min: KeyBound | undefined,
  partBytes: number,
): Promise<KeyBound | undefined> {
  const where = min === undefined ? "" : ` WHERE ${fromBound(order, min)}`;
  const rest = `FROM ${order.from}${where}${order.orderBy}`;
  const averageOf = async (rows: number): Promise<number> => {
    const [row] = await session.rows<{ bytes: string | number | null }>(
      `SELECT CAST(AVG(bytes) AS CHAR) AS bytes FROM (SELECT ${size} AS bytes ${rest} LIMIT ${rows}) AS looked_at`,
    );
    return Math.max(1, Number(row?.bytes ?? 1));
  };
  const first = await averageOf(SAMPLE_ROWS);
  const sampled = sampleRows(first);
  const average = sampled > SAMPLE_ROWS ? await averageOf(sampled) : first;
  const rowCount = rowsOfRange(partBytes, average);
  const bound = await boundAt(session, order, `${rest} LIMIT ${rowCount}, 1`);
  if (bound === undefined || !isSame(bound, min)) return bound;
  // More rows than these agree in all bound columns. The range goes on to the next row that does not.
  const beyond = order.bounds.map((_, i) => strictlyAfter(order, bound, i)).join(" OR ");
  return boundAt(session, order, `FROM ${order.from} WHERE ${beyond}${order.orderBy} LIMIT 1`);
}

async function boundAt(session: MysqlSession, order: RowOrder, rest: string): Promise<KeyBound | undefined> {
  const texts = order.bounds.map((b, i) => `${b.textSql} AS c${i}`);
  const [row] = await session.rows<Readonly<Record<string, string>>>(`SELECT ${texts.join(", ")} ${rest}`);
  return row === undefined ? undefined : order.bounds.map((b, i) => b.literalOf(row[`c${i}`]!));
}

function isSame(bound: KeyBound, other: KeyBound | undefined): boolean {
  return other !== undefined && bound.every((literal, i) => literal === other[i]);
}

/**
 * Returns the condition for rows that equal a bound in all columns before this one and are beyond
 * it here.
 */
function strictlyAfter({ bounds }: RowOrder, bound: KeyBound, column: number): string {
  const equal = bounds.slice(0, column).map((b, i) => `${quoteIdentifier(b.name)} = ${bound[i]!} AND `);
  const { name, isDescending } = bounds[column]!;
  return `(${equal.join("")}${quoteIdentifier(name)} ${isDescending ? "<" : ">"} ${bound[column]!})`;
}

/** Returns SQL for the approximate number of bytes in a row's line. */
function lineBytesSql({ table }: FoundTable): string {
  const { columns } = rowSelect(table.columns);
  return sumSql([
    String(namesBytes(columns)),
    ...columns.map((c) => valueBytesSql(quoteIdentifier(c.name), c.form)),
  ]);
}

/**
 * Returns a sum as a tree of few levels: a server's stack grows with each level, and a plain sum
 * has as many levels as terms.
 */
function sumSql(terms: readonly string[]): string {
  if (terms.length <= 2) return terms.join(" + ");
  const middle = terms.length >> 1;
  return `(${sumSql(terms.slice(0, middle))}) + (${sumSql(terms.slice(middle))})`;
}

function valueBytesSql(name: string, form: LineForm): string {
  switch (form) {
    case "text":
    case "characters":
      return `${VALUE_BYTES.quoted} + IFNULL(LENGTH(${name}), 0)`;
    case "binary":
      return `IFNULL(${VALUE_BYTES.binary} + LENGTH(${name}) * 4 / 3, ${VALUE_BYTES.null})`;
    case "int32":
    case "int64":
    case "uint64":
    case "decimal":
    case "double":
    case "member":
    case "date":
    case "datetime":
      return String(VALUE_BYTES.wrapped);
  }
}
