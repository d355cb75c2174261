import type { MysqlTable } from "@firebreak/archive";
import {
  cellOf,
  EMPTY_DIGEST,
  identifyingColumns,
  isSameDigest,
  type PlainDigest,
  RowIdentity,
  TableDigest,
} from "@firebreak/items";
import { valueSql } from "@firebreak/mysql-format";
import type { MysqlSession } from "../../driver/connect.ts";
import { tableName } from "../../driver/server-facts.ts";
import { bytesOfCell, streamRows, type StreamedCell } from "../../driver/stream-rows.ts";
import { bucketDigests, bucketSql, keyHashSql, rowHashSql } from "../../stored/digest-sql.ts";
import { storedTable } from "../../stored/stored-table.ts";
import { ChangedRows } from "./changed-rows.ts";
import { expectedRows, type RowsPlace } from "./expected-rows.ts";
import { HashCounts } from "./hash-counts.ts";
import { bucketOf, KEPT_BYTES, keptSql, keptText } from "./kept-hash.ts";
import type { RowDifference } from "./row-difference.ts";

/** The most rows of one side whose hashes are in memory, in tables of 2^19 slots of 36 and 20 bytes. */
const MAX_ROWS = 350_000;

/**
 * Finds the rows that differ between a table's parts and the table in the target, which it sees at one
 * moment.
 *
 * First it compares sums of both sides by buckets of keys. Then it compares the hashes of the rows in buckets
 * that differ, as many at once as fit in memory. It fetches values only of rows that differ. Keys are
 * compared as bytes by their hashes, never by the server.
 *
 * @param maxRows the most rows of one side whose hashes are in memory.
 * @throws {FirebreakError} a fault of mysql or archive.
 */
export async function* rowDifferences(
  session: MysqlSession,
  place: RowsPlace,
  database: string,
  table: MysqlTable,
  maxRows: number = MAX_ROWS,
): AsyncGenerator<RowDifference> {
  const stored = await storedTable(session, database, table);
  await session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  await session.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
  try {
    const [expected, found] = await Promise.all([
      expectedBuckets(place, table),
      bucketDigests(session, database, stored),
    ]);
    const plan = planBuckets(expected, found, maxRows);
    if (plan.missing.size > 0) yield* missingRows(place, table, plan.missing);
    for (const buckets of plan.groups) yield* differencesIn(session, place, database, stored, buckets);
  } finally {
    // Nothing was written. If the connection is gone, there is nothing to end.
    await session.run("COMMIT").catch(() => undefined);
  }
}

async function expectedBuckets(place: RowsPlace, table: MysqlTable): Promise<Map<string, PlainDigest>> {
  const digests = new Map<string, TableDigest>();
  const identity = new RowIdentity(table);
  for await (const { cells } of expectedRows(place, table)) {
    const bucket = bucketOf(identity.keyHash(cells));
    let digest = digests.get(bucket);
    if (digest === undefined) digests.set(bucket, (digest = new TableDigest()));
    digest.add(identity.rowHash(cells));
  }
  return new Map([...digests].map(([bucket, digest]) => [bucket, digest.toPlain()]));
}

async function* missingRows(
  place: RowsPlace,
  table: MysqlTable,
  buckets: ReadonlySet<string>,
): AsyncGenerator<RowDifference> {
  const identity = new RowIdentity(table);
  for await (const { cells, origin } of expectedRows(place, table))
    if (buckets.has(bucketOf(identity.keyHash(cells))))
      yield { kind: "missing", key: identity.keyOf(cells), cells, origin };
}

/** The rows of some buckets that the other side does not have. */
interface Unmatched {
  /** The archive's rows: the kept hash of each key, followed by the kept hash of its row. */
  readonly expected: HashCounts;
  /** The target's rows: the kept hash of each key. */
  readonly found: HashCounts;
}

async function* differencesIn(
  session: MysqlSession,
  place: RowsPlace,
  database: string,
  table: MysqlTable,
  buckets: ReadonlySet<string>,
): AsyncGenerator<RowDifference> {
  const { expected, found } = await unmatchedRows(session, place, database, table, buckets);
  const identity = new RowIdentity(table);
  const changed = await ChangedRows.open(session, database, table);
  const pair = Buffer.alloc(2 * KEPT_BYTES);
  if (expected.size > 0)
    for await (const { cells, origin } of expectedRows(place, table)) {
      const keyHash = identity.keyHash(cells);
      if (!buckets.has(bucketOf(keyHash))) continue;
      const rowHash = identity.rowHash(cells);
      if (!expected.take(joined(keyHash, rowHash, pair))) continue;
      const key = identity.keyOf(cells);
      if (!found.take(keyHash)) yield { kind: "missing", key, cells, origin };
      else {
        changed.add({ key, keyHash: keptText(keyHash), rowHash: keptText(rowHash), cells, origin });
        if (changed.isFull) yield* changed.take();
      }
    }
  yield* changed.take();
  if (found.size > 0) yield* extraRows(session, database, table, buckets, found);
}

/** Returns the rows that only one side has. */
async function unmatchedRows(
  session: MysqlSession,
  place: RowsPlace,
  database: string,
  table: MysqlTable,
  buckets: ReadonlySet<string>,
): Promise<Unmatched> {
  const expected = new HashCounts(2 * KEPT_BYTES);
  const found = new HashCounts(KEPT_BYTES);
  const identity = new RowIdentity(table);
  const pair = Buffer.alloc(2 * KEPT_BYTES);
  for await (const { cells } of expectedRows(place, table)) {
    const keyHash = identity.keyHash(cells);
    if (buckets.has(bucketOf(keyHash))) expected.add(joined(keyHash, identity.rowHash(cells), pair));
  }
  const hashes = `UNHEX(CONCAT(${keptSql(keyHashSql(table))}, ${keptSql(rowHashSql(table))}))`;
  for await (const [cell] of bucketRows(session, database, table, buckets, [hashes])) {
    const both = bytesOfCell(cell)!;
    if (!expected.take(both)) found.add(both);
  }
  return { expected, found };
}

/** Yields the keys of surplus rows, each once. */
async function* extraRows(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  buckets: ReadonlySet<string>,
  found: HashCounts,
): AsyncGenerator<RowDifference> {
  const columns = identifyingColumns(table);
  const values = columns.map((c) => `CONVERT(${valueSql(c)} USING binary)`);
  const select = [`UNHEX(${keptSql(keyHashSql(table))})`, ...values];
  for await (const [hash, ...cells] of bucketRows(session, database, table, buckets, select)) {
    const count = found.takeAll(bytesOfCell(hash)!);
    if (count === 0) continue;
    const key = columns.map((c, i) => cellOf(bytesOfCell(cells[i]), c.form));
    yield { kind: "extra", key, count };
  }
}

function bucketRows(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  buckets: ReadonlySet<string>,
  select: readonly string[],
): AsyncGenerator<readonly StreamedCell[]> {
  const names = [...buckets].map((bucket) => `'${bucket}'`).join(",");
  return streamRows(
    session,
    `SELECT ${select.join(", ")} FROM ${tableName(database, table.table)} WHERE ${bucketSql(table)} IN (${names})`,
  );
}

function joined(keyHash: Buffer, rowHash: Buffer, into: Buffer): Buffer {
  keyHash.copy(into, 0, 0, KEPT_BYTES);
  rowHash.copy(into, KEPT_BYTES, 0, KEPT_BYTES);
  return into;
}

/** The buckets of a table to read to find the rows that differ. */
interface BucketPlan {
  /** The buckets without a row in the target. All rows of the archive are missing there. */
  readonly missing: ReadonlySet<string>;
  /** The other buckets that differ, in groups whose rows are held in memory together. */
  readonly groups: readonly ReadonlySet<string>[];
}

/**
 * Groups the buckets that differ.
 *
 * @param maxRows the most rows of either side in a group. A larger bucket forms a group of its own.
 */
export function planBuckets(
  expected: ReadonlyMap<string, PlainDigest>,
  found: ReadonlyMap<string, PlainDigest>,
  maxRows: number,
): BucketPlan {
  const missing = new Set<string>();
  const groups: Set<string>[] = [];
  let rows = Infinity;
  for (const bucket of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const here = expected.get(bucket) ?? EMPTY_DIGEST;
    const there = found.get(bucket) ?? EMPTY_DIGEST;
    if (isSameDigest(here, there)) continue;
    if (there.rowCount === 0) {
      missing.add(bucket);
      continue;
    }
    rows += Math.max(here.rowCount, there.rowCount);
    if (rows > maxRows) {
      groups.push(new Set());
      rows = Math.max(here.rowCount, there.rowCount);
    }
    groups.at(-1)!.add(bucket);
  }
  return { missing, groups };
}
