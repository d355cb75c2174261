import { quoteIdentifier, type Column, type MysqlTable, type PlainDigest } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";
import { tableName } from "./server-facts.ts";

/** Rows whose hashes the server keeps at once: the derived table below is written out before it is summed. */
const RANGE_ROWS = 100_000;

/** A stretch of a table in the order of its key: above `after` and up to `upTo`, values of the key as SQL text. */
export interface TableRange {
  readonly after: string | undefined;
  readonly upTo: string | undefined;
}

/** The canonical bytes of a column's value: what `RowHasher` makes of its cell. */
function valueSql({ name, form }: Column): string {
  const column = quoteIdentifier(name);
  switch (form) {
    case "text":
      return `CAST(${column} AS BINARY)`;
    case "binary":
      return column;
    case "double":
      // A point's well-known binary: byte order, type, then x as its eight bytes, little-endian on both servers.
      return `SUBSTRING(ST_AsWKB(POINT(${column}, 0)), 6, 8)`;
  }
}

/** The hash of a row, as `RowHasher` makes it. */
export function rowHashSql(table: Pick<MysqlTable, "columns" | "rowEncoding">): string {
  const parts = table.columns.map((c) => {
    const value = valueSql(c);
    return table.rowEncoding === "values"
      ? `IFNULL(CONCAT(LENGTH(${value}), ':', ${value}), '-')`
      : `IFNULL(SHA2(${value}, 256), '-')`;
  });
  return `SHA2(CONCAT(${parts.join(", ")}), 256)`;
}

/** The hash of each column's value alone, to tell which one differs; NULL for NULL. */
export function valueHashSql(column: Column): string {
  return `SHA2(${valueSql(column)}, 256)`;
}

/** The number of the bucket, of 1,024, that a row's key falls in. */
export function bucketSql(table: Pick<MysqlTable, "columns" | "keyColumns">): string {
  const keys = table.columns
    .filter((c) => table.keyColumns.includes(c.name))
    .map((c) => `CONCAT(LENGTH(${valueSql(c)}), ':', ${valueSql(c)})`);
  return `(CONV(LEFT(SHA2(CONCAT(${keys.join(", ")}), 256), 3), 16, 10) DIV 4)`;
}

const LANES = `CAST(COUNT(*) AS CHAR) AS n, CAST(COUNT(h) AS CHAR) AS hashed,
  CAST(SUM(CAST(CONV(LEFT(h, 16), 16, 10) AS UNSIGNED)) AS CHAR) AS a,
  CAST(SUM(CAST(CONV(SUBSTRING(h, 17, 16), 16, 10) AS UNSIGNED)) AS CHAR) AS b`;

interface LaneRow {
  readonly n: string;
  readonly hashed: string;
  readonly a: string | null;
  readonly b: string | null;
}

/** A digest the server made; rows it could not hash have no part in the lanes. */
export interface ServerDigest extends PlainDigest {
  readonly hashedCount: number;
}

/**
 * The digest of a range of a table. The hash stands in a derived table that is
 * not merged, or the server would compute it once for each lane.
 */
export async function rangeDigest(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  range: TableRange,
): Promise<ServerDigest> {
  const [row] = await session.rows<LaneRow>(
    `SELECT /*+ NO_MERGE(d) */ ${LANES} FROM (SELECT ${rowHashSql(table)} AS h FROM ${tableName(database, table.table)}${whereSql(table, range)}) d`,
  );
  return toDigest(row!);
}

/** The digest of each bucket of a table that has rows. */
export async function bucketDigests(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): Promise<Map<number, ServerDigest>> {
  const rows = await session.rows<LaneRow & { bucket: string | number }>(
    `SELECT /*+ NO_MERGE(d) */ bucket, ${LANES} FROM (SELECT ${bucketSql(table)} AS bucket, ${rowHashSql(table)} AS h FROM ${tableName(database, table.table)}) d GROUP BY bucket`,
  );
  return new Map(rows.map((r) => [Number(r.bucket), toDigest(r)]));
}

/** Cuts a table into ranges by walking its key. Tables with a key of several columns are one range. */
export async function* tableRanges(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): AsyncGenerator<TableRange> {
  const [key] = table.keyColumns;
  if (table.keyColumns.length !== 1 || key === undefined) {
    yield { after: undefined, upTo: undefined };
    return;
  }
  const column = quoteIdentifier(key);
  let after: string | undefined;
  for (;;) {
    const [border] = await session.rows<{ hex: string }>(
      `SELECT HEX(CAST(${column} AS BINARY)) AS hex FROM ${tableName(database, table.table)}${whereSql(table, { after, upTo: undefined })} ORDER BY ${column} LIMIT 1 OFFSET ${RANGE_ROWS}`,
    );
    const upTo =
      border === undefined
        ? undefined
        : literal(
            table.columns.find((c) => c.name === key)!,
            border.hex,
          );
    yield { after, upTo };
    if (upTo === undefined) return;
    after = upTo;
  }
}

function whereSql(table: MysqlTable, { after, upTo }: TableRange): string {
  const column = quoteIdentifier(table.keyColumns[0] ?? "");
  const conditions = [
    ...(after === undefined ? [] : [`${column} > ${after}`]),
    ...(upTo === undefined ? [] : [`${column} <= ${upTo}`]),
  ];
  return conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
}

/** The key's value as a literal of its own type, so that the comparison goes by the index and by the column's rules. */
function literal({ sqlType }: Column, hex: string): string {
  const text = Buffer.from(hex, "hex").toString("latin1");
  if (/^(int|bigint|tinyint|decimal|double)/.test(sqlType)) return text;
  if (sqlType.startsWith("datetime")) return `'${text}'`;
  if (/^(varchar|char|text)/.test(sqlType))
    return `_${sqlType.startsWith("char(24)") ? "ascii" : "utf8mb4"} X'${hex}'`;
  return `X'${hex}'`;
}

function toDigest(row: LaneRow): ServerDigest {
  const lane = (sum: string | null): string => String(BigInt(sum ?? "0") % (1n << 64n));
  return { rowCount: Number(row.n), hashedCount: Number(row.hashed), laneA: lane(row.a), laneB: lane(row.b) };
}
