import {
  quoteIdentifier,
  valueHashSql,
  valueLengthSql,
  valueSql,
  type StoredColumn,
} from "@firebreak/mysql-format";
import type { MysqlTable } from "@firebreak/archive";
import type { PlainDigest } from "@firebreak/items";
import type { MysqlSession } from "../driver/connect.ts";
import { tableName } from "../driver/server-facts.ts";
import { rangeSql, type TableRange } from "./table-ranges.ts";

/**
 * Returns SQL that is `-` for NULL and for nothing else. A value that the server cannot compute
 * makes the whole row's hash NULL, which is noticed.
 */
function orDash(column: StoredColumn, sql: string): string {
  return `IF(${quoteIdentifier(column.name)} IS NULL, '-', ${sql})`;
}

function framedSql(column: StoredColumn): string {
  return orDash(column, `CONCAT(${valueLengthSql(column)}, ':', ${valueSql(column)})`);
}

/** Returns SQL for the hash of a row, equal to that of `RowHasher`. */
export function rowHashSql(table: Pick<MysqlTable, "columns" | "rowEncoding">): string {
  const parts = table.columns.map((c) =>
    table.rowEncoding === "values" ? framedSql(c) : orDash(c, valueHashSql(c)),
  );
  // A table may have only generated columns: its rows are all alike.
  return `SHA2(CONCAT(${parts.length === 0 ? "''" : parts.join(", ")}), 256)`;
}

/** Returns SQL for the hash of a row's key. Without a key, the whole row is its key. */
export function keyHashSql(table: Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">): string {
  if (table.keyColumns.length === 0) return rowHashSql(table);
  const keys = table.keyColumns.map((name) => framedSql(table.columns.find((c) => c.name === name)!));
  return `SHA2(CONCAT(${keys.join(", ")}), 256)`;
}

/** Returns SQL for the bucket of a row's key, one of 65,536: four hex digits. */
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

/** A digest that the server computed. Its lanes leave out rows that the server could not hash. */
export interface ServerDigest extends PlainDigest {
  readonly hashedCount: number;
}

/**
 * Computes the digest of a range of a table. The hash is in a derived table that must not be
 * merged, or the server would compute it once for each lane.
 */
export async function rangeDigest(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  range: TableRange,
): Promise<ServerDigest> {
  const from = `${tableName(database, table.table)}${rangeSql(table.keyColumns, range)}`;
  return digestOf(session, table, from);
}

/** Computes the digest of the rows that `from` selects: the SQL that follows FROM. */
export async function digestOf(
  session: MysqlSession,
  table: Pick<MysqlTable, "columns" | "rowEncoding">,
  from: string,
): Promise<ServerDigest> {
  const [row] = await session.rows<LaneRow>(
    `SELECT /*+ NO_MERGE(d) */ ${LANES} FROM (SELECT ${rowHashSql(table)} AS h FROM ${from}) d`,
  );
  return toDigest(row!);
}

/** Computes the digest of each bucket of a table that has rows. */
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

function toDigest(row: LaneRow): ServerDigest {
  const lane = (sum: string | null): string => String(BigInt(sum ?? "0") % (1n << 64n));
  return { rowCount: Number(row.n), hashedCount: Number(row.hashed), laneA: lane(row.a), laneB: lane(row.b) };
}
