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

/** A column as a target has it: text may be kept there in another character set than the archive's UTF-8. */
export interface StoredColumn extends Column {
  readonly isRecoded?: boolean;
}

/** The column's text in UTF-8; of what is no text the column itself. */
function plainSql({ name, form, isRecoded }: StoredColumn): string {
  const column = quoteIdentifier(name);
  return form === "text" && isRecoded === true ? `CONVERT(${column} USING utf8mb4)` : column;
}

/** The canonical bytes of a column's value: what `RowHasher` makes of its cell. */
export function valueSql(column: StoredColumn): string {
  switch (column.form) {
    case "text":
      // Not by CAST, which makes NULL of what is above max_allowed_packet (MariaDB 10.11, tried).
      return `CONVERT(${plainSql(column)} USING binary)`;
    case "binary":
      return plainSql(column);
    case "double":
      // A point's well-known binary: byte order, type, then x as its eight bytes, little-endian on both servers.
      return `SUBSTRING(ST_AsWKB(POINT(${plainSql(column)}, 0)), 6, 8)`;
  }
}

/** How many canonical bytes a value has. */
export function valueLengthSql(column: StoredColumn): string {
  return column.form === "double" ? "8" : `LENGTH(${plainSql(column)})`;
}

/** The hash of a value's canonical bytes. */
export function valueHashSql(column: StoredColumn): string {
  return `SHA2(${column.form === "double" ? valueSql(column) : plainSql(column)}, 256)`;
}

/** `-` for NULL and for nothing else: what the server cannot make makes the whole row's hash NULL, which is noticed. */
function orDash(column: StoredColumn, sql: string): string {
  return `IF(${quoteIdentifier(column.name)} IS NULL, '-', ${sql})`;
}

function framedSql(column: StoredColumn): string {
  return orDash(column, `CONCAT(${valueLengthSql(column)}, ':', ${valueSql(column)})`);
}

/** The hash of a row, as `RowHasher` makes it. */
export function rowHashSql(table: Pick<MysqlTable, "columns" | "rowEncoding">): string {
  const parts = table.columns.map((c) =>
    table.rowEncoding === "values" ? framedSql(c) : orDash(c, valueHashSql(c)),
  );
  return `SHA2(CONCAT(${parts.join(", ")}), 256)`;
}

/** The hash of a row's key; where there is none the whole row is its key. */
export function keyHashSql(table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">): string {
  if (table.keyColumns.length === 0) return rowHashSql(table);
  const keys = table.keyColumns.map((name) => framedSql(table.columns.find((c) => c.name === name)!));
  return `SHA2(CONCAT(${keys.join(", ")}), 256)`;
}

/** The bucket, of 65,536, that a row's key falls in: four hex digits. */
export function bucketSql(table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">): string {
  return `LEFT(${keyHashSql(table)}, 4)`;
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
): Promise<Map<string, ServerDigest>> {
  const rows = await session.rows<LaneRow & { bucket: string | null }>(
    `SELECT /*+ NO_MERGE(d) */ bucket, ${LANES} FROM (SELECT ${bucketSql(table)} AS bucket, ${rowHashSql(table)} AS h FROM ${tableName(database, table.table)}) d GROUP BY bucket`,
  );
  return new Map(rows.map((r) => [r.bucket ?? "", toDigest(r)]));
}

/**
 * Cuts a table into ranges by walking its key; together they are the table. Without a key of one
 * column, or without an index that begins with it, there is one range: each step would be a scan.
 */
export async function* tableRanges(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): AsyncGenerator<TableRange> {
  const [key] = table.keyColumns;
  if (
    table.keyColumns.length !== 1 ||
    key === undefined ||
    !(await isIndexed(session, database, table.table, key))
  ) {
    yield { after: undefined, upTo: undefined };
    return;
  }
  const column = table.columns.find((c) => c.name === key)!;
  const name = quoteIdentifier(key);
  let after: string | undefined;
  for (;;) {
    const [border] = await session.rows<{ hex: string }>(
      `SELECT HEX(CAST(${plainSql(column)} AS BINARY)) AS hex FROM ${tableName(database, table.table)} WHERE ${after === undefined ? `${name} IS NOT NULL` : `${name} > ${after}`} ORDER BY ${name} LIMIT 1 OFFSET ${RANGE_ROWS}`,
    );
    const upTo = border === undefined ? undefined : literal(column, border.hex);
    yield { after, upTo };
    if (upTo === undefined) return;
    after = upTo;
  }
}

/** Rows without a key, which only a table that was altered can have, belong to the first range. */
function whereSql(table: MysqlTable, { after, upTo }: TableRange): string {
  const column = quoteIdentifier(table.keyColumns[0] ?? "");
  if (after === undefined && upTo === undefined) return "";
  if (after === undefined) return ` WHERE (${column} <= ${upTo} OR ${column} IS NULL)`;
  return ` WHERE ${column} > ${after}${upTo === undefined ? "" : ` AND ${column} <= ${upTo}`}`;
}

/** Whether an index of the table begins with a column. */
export async function isIndexed(
  session: MysqlSession,
  database: string,
  table: string,
  column: string,
): Promise<boolean> {
  const found = await session.rows(
    "SELECT 1 FROM information_schema.statistics WHERE table_schema = ? AND table_name = ? AND column_name = ? AND seq_in_index = 1 LIMIT 1",
    [database, table, column],
  );
  return found.length > 0;
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

/** A cell of a key's column, in byte text, as a literal to compare that column with. */
export function keyLiteral(column: Column, cell: string): string {
  return literal(column, Buffer.from(cell, column.form === "binary" ? "base64" : "latin1").toString("hex"));
}

function toDigest(row: LaneRow): ServerDigest {
  const lane = (sum: string | null): string => String(BigInt(sum ?? "0") % (1n << 64n));
  return { rowCount: Number(row.n), hashedCount: Number(row.hashed), laneA: lane(row.a), laneB: lane(row.b) };
}
