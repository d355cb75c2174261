import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ChecksumOptions } from "./checksum.ts";
import {
  canonicalBytes,
  fromByteText,
  readCsv,
  readPart,
  RowHasher,
  TableDigest,
  isSameDigest,
  EMPTY_DIGEST,
  type Column,
  type MysqlTable,
  type PlainDigest,
} from "@firebreak/archive";
import {
  bucketDigests,
  bucketSql,
  rowHashSql,
  tableName,
  valueHashSql,
  type MysqlSession,
} from "@firebreak/mysql";

const BUCKETS = 1024;

/** Rows named in a report; the counts go on. */
const MAX_NAMED = 100;

/** Rows compared at once; with more buckets that differ, the others are only counted. */
const MAX_ROWS = 200_000;

/** One row that is not as it should be. */
export interface Difference {
  readonly kind: "missing" | "extra" | "changed";
  /** The key's values, column by column, as text (base64 for binary columns). */
  readonly key: readonly (string | null)[];
  /** Of a changed row: the columns whose values differ. */
  readonly columns: readonly string[];
}

export interface TableDifferences {
  readonly differences: readonly Difference[];
  /** Buckets (of 1,024, by key) that differ, and how many of them were read row by row. */
  readonly bucketCount: number;
  readonly readBucketCount: number;
}

interface HashedRow {
  readonly key: readonly (string | null)[];
  readonly hash: string;
  readonly valueHashes: readonly (string | null)[];
}

/** Where the parts are, and what opens them. */
type Place = Pick<ChecksumOptions, "folder" | "identities">;

/** Finds the rows that differ between a table's parts and the table in the target, by buckets of keys. */
export async function findDifferences(
  session: MysqlSession,
  place: Place,
  database: string,
  table: MysqlTable,
): Promise<TableDifferences> {
  const found = await bucketDigests(session, database, table);
  const expected = await expectedBuckets(place, table);
  const differing = Array.from({ length: BUCKETS }, (_, b) => b).filter(
    (b) => !isSameDigest(expected.get(b) ?? EMPTY_DIGEST, found.get(b) ?? EMPTY_DIGEST),
  );
  const wanted = new Set<number>();
  let rows = 0;
  for (const bucket of differing) {
    rows += Math.max(expected.get(bucket)?.rowCount ?? 0, found.get(bucket)?.rowCount ?? 0);
    if (wanted.size > 0 && rows > MAX_ROWS) break;
    wanted.add(bucket);
  }
  const inTarget = await targetRows(session, database, table, wanted);
  const differences: Difference[] = [];
  for await (const row of expectedRows(place, table, wanted)) {
    const id = JSON.stringify(row.key);
    const there = inTarget.get(id);
    if (there === undefined) differences.push({ kind: "missing", key: row.key, columns: [] });
    else if (there.hash !== row.hash)
      differences.push({ kind: "changed", key: row.key, columns: changedColumns(table.columns, row, there) });
    inTarget.delete(id);
  }
  for (const row of inTarget.values()) differences.push({ kind: "extra", key: row.key, columns: [] });
  return {
    differences: differences.slice(0, MAX_NAMED),
    bucketCount: differing.length,
    readBucketCount: wanted.size,
  };
}

async function expectedBuckets(place: Place, table: MysqlTable): Promise<Map<number, PlainDigest>> {
  const digests = new Map<number, TableDigest>();
  const hasher = new RowHasher(
    table.columns.map((c) => c.form),
    table.rowEncoding,
  );
  for await (const cells of allRows(place, table)) {
    const bucket = bucketOf(table, cells);
    const digest = digests.get(bucket) ?? new TableDigest();
    digests.set(bucket, digest);
    digest.add(hasher.hash(cells));
  }
  return new Map([...digests].map(([bucket, digest]) => [bucket, digest.toPlain()]));
}

async function* expectedRows(
  place: Place,
  table: MysqlTable,
  buckets: ReadonlySet<number>,
): AsyncGenerator<HashedRow> {
  const hasher = new RowHasher(
    table.columns.map((c) => c.form),
    table.rowEncoding,
  );
  for await (const cells of allRows(place, table)) {
    if (!buckets.has(bucketOf(table, cells))) continue;
    yield {
      key: keyIndexes(table).map((i) => fromByteText(cells[i]!)),
      hash: hasher.hash(cells).toString("hex"),
      valueHashes: cells.map((cell, i) =>
        cell === null
          ? null
          : createHash("sha256").update(canonicalBytes(cell, table.columns[i]!.form)).digest("hex"),
      ),
    };
  }
}

async function* allRows({ folder, identities }: Place, table: MysqlTable): AsyncGenerator<(string | null)[]> {
  for (const part of table.parts)
    yield* readCsv(readPart(join(folder, part.file), part.file, part, { identities }), part.file);
}

async function targetRows(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  buckets: ReadonlySet<number>,
): Promise<Map<string, HashedRow>> {
  const keys = keyIndexes(table).map((i) => table.columns[i]!);
  const select = [
    ...keys.map(
      (c, i) =>
        `${c.form === "binary" ? `REPLACE(TO_BASE64(\`${c.name}\`), '\\n', '')` : `CAST(\`${c.name}\` AS CHAR)`} AS k${i}`,
    ),
    `${rowHashSql(table)} AS hash`,
    ...table.columns.map((c, i) => `${valueHashSql(c)} AS v${i}`),
  ];
  const rows = await session.rows<Record<string, string | null>>(
    `SELECT ${select.join(", ")} FROM ${tableName(database, table.table)} WHERE ${bucketSql(table)} IN (${[...buckets, -1].join(", ")})`,
  );
  return new Map(
    rows.map((row) => {
      const key = keys.map((_, i) => row[`k${i}`] ?? null);
      return [
        JSON.stringify(key),
        { key, hash: row["hash"] ?? "", valueHashes: table.columns.map((_, i) => row[`v${i}`] ?? null) },
      ];
    }),
  );
}

function changedColumns(columns: readonly Column[], expected: HashedRow, found: HashedRow): string[] {
  return columns.filter((_, i) => expected.valueHashes[i] !== found.valueHashes[i]).map((c) => c.name);
}

function bucketOf(table: MysqlTable, cells: readonly (string | null)[]): number {
  const hash = createHash("sha256");
  for (const i of keyIndexes(table)) {
    const bytes = canonicalBytes(cells[i]!, table.columns[i]!.form);
    hash.update(`${bytes.length}:`).update(bytes);
  }
  return hash.digest().readUInt16BE(0) >> 6;
}

function keyIndexes(table: MysqlTable): number[] {
  return table.keyColumns.map((name) => table.columns.findIndex((c) => c.name === name));
}
