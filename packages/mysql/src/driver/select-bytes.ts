import { explainMysql } from "./mysql-faults.ts";
import type { MysqlSession } from "./connect.ts";

/** A value of a query, in the place of a `?`. A bigint is written as a number, without a rounding. */
export type SelectValue = string | bigint | null;

/** The kind of values in a column of an answer. */
export type SelectedKind = "number" | "moment" | "binary" | "text";

/** Column types of the protocol (MySQL source, `field_types.h`): integers, DECIMAL, FLOAT, DOUBLE and YEAR. */
const NUMBERS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246]);

/** DATE, DATETIME and TIMESTAMP. */
const MOMENTS: ReadonlySet<number> = new Set([7, 10, 12]);

/** Types that have a character set. Its number is 63 for binary values. */
const STRINGS: ReadonlySet<number> = new Set([15, 249, 250, 251, 252, 253, 254]);
const BINARY_CHARSET = 63;

/** Rows as the server sent them. */
export interface SelectedBytes {
  readonly names: readonly string[];
  readonly kinds: readonly SelectedKind[];
  /** The bytes of each value: text in UTF-8, numbers in digits, binary values unchanged. */
  readonly rows: readonly (readonly (Buffer | null)[])[];
}

/**
 * Runs a query and returns its rows as bytes, which no type of JavaScript changes.
 *
 * @throws {FirebreakError} any error of mysql.
 */
export async function selectBytes(
  session: MysqlSession,
  sql: string,
  values: readonly SelectValue[] = [],
): Promise<SelectedBytes> {
  try {
    const [rows, fields] = await session.connection.query({
      sql,
      values: values.map((value) =>
        typeof value === "bigint" ? { toSqlString: () => String(value) } : value,
      ),
      rowsAsArray: true,
      typeCast: (field: { buffer(): Buffer | null }) => field.buffer(),
    });
    const columns = fields ?? [];
    return { names: columns.map(({ name }) => name), kinds: columns.map(kindOf), rows: bytesOf(rows) };
  } catch (error) {
    throw explainMysql(error, session.target, sql);
  }
}

function kindOf({
  columnType = -1,
  characterSet,
}: {
  columnType?: number;
  characterSet?: number;
}): SelectedKind {
  if (NUMBERS.has(columnType)) return "number";
  if (MOMENTS.has(columnType)) return "moment";
  return STRINGS.has(columnType) && characterSet === BINARY_CHARSET ? "binary" : "text";
}

function bytesOf(rows: unknown): (Buffer | null)[][] {
  const lists: unknown[] = Array.isArray(rows) ? rows : [];
  return lists.map((row) => {
    const cells: unknown[] = Array.isArray(row) ? row : [];
    return cells.map((cell) => (Buffer.isBuffer(cell) ? cell : null));
  });
}
