import {
  archiveFault,
  logicalTable,
  readSourceManifest,
  readTransformed,
  type Account,
  type MysqlTable,
  type TablePart,
} from "@firebreak/archive";
import { canonicalBytes, cellOf, identifyingColumns, refuseUnlinked, RowIdentity } from "@firebreak/items";
import { keyHashSql, MysqlSession, mysqlTarget, storedTable, streamRows, tableName } from "@firebreak/mysql";
import { keySql } from "@firebreak/mysql-format";
import type { ChecksumOptions } from "../checksum-options.ts";
import { differingPieces } from "./differing-pieces.ts";
import { rowsOfPart, type RowsPlace } from "./expected-rows.ts";
import type { ExpectedRow, Manifests } from "./expected-row.ts";
import { foundValues, foundValueSql, isSameValue, type FoundValue } from "./found-value.ts";
import { lackingColumns } from "./lacking-columns.ts";
import { randomPicks } from "./random-picks.ts";
import { RowSources } from "./row-sources.ts";
import { reportedValue, type ReportedValue } from "../report/reported-difference.ts";
import type { ReportedSource } from "../report/reported-source.ts";
import { keptSql, keptText } from "./kept-hash.ts";
import { readSetAside } from "./set-aside.ts";
import { readSourceLines, type SourceDocument } from "./source-documents.ts";
import type { ChecksumStep } from "../checksum-notes.ts";

export interface SampleOptions extends Omit<ChecksumOptions, "jobs" | "repair"> {
  /** The number of rows to pick. */
  readonly count: number;
}

export interface SampledColumn {
  readonly name: string;
  readonly type: string;
  readonly found: ReportedValue;
  /** True if the value equals the archive's. */
  readonly isEqual: boolean;
}

/** One row of the target beside the document that it was made of. */
export interface SampleEvent {
  readonly kind: "sample";
  readonly table: string;
  readonly key: readonly { readonly name: string; readonly type: string; readonly value: ReportedValue }[];
  /** The columns, or none if the target has no such row. */
  readonly columns: readonly SampledColumn[];
  readonly source?: ReportedSource;
  readonly document?: SourceDocument;
}

/**
 * Picks rows of the archive at random, all equally likely, and shows each as it is in the target beside its
 * document. It lets people look at examples, and proves nothing about the other rows.
 *
 * @throws {FirebreakError} a fault of mysql or archive.
 */
export async function* sampleRows(options: SampleOptions): AsyncGenerator<ChecksumStep | SampleEvent> {
  const { archive, folder, identities, url, count } = options;
  const source = await readSourceManifest(archive, identities);
  const made = await readTransformed(folder, source.sha256, identities);
  if (made === undefined) throw archiveFault("archive-incomplete", { archive: folder });
  refuseUnlinked(source.manifest, made, folder);
  const mysql = { ...made, tables: made.tables.map(logicalTable) };
  const manifests: Manifests = { source: source.manifest, mysql };
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  const unlike = new Set<MysqlTable>();
  // In a delta, only rows of the delta are picked. The target has them exactly as the parts do.
  const parts = mysql.tables.flatMap((t) => t.parts);
  const total = parts.reduce((sum, p) => sum + p.lineCount, 0);
  let picks = randomPicks(count, total);
  let sampled = 0;
  try {
    const setAside = yield* readSetAside(
      session,
      options,
      mysql.tables.map((table) => ({ table, database: target.database ?? table.database })),
    );
    for (const table of mysql.tables.filter((t) => t.parts.length > 0)) {
      const database = target.database ?? table.database;
      const lacking = await lackingColumns(session, database, table);
      if (lacking !== undefined && lacking.length > 0)
        yield { kind: "note", code: "columns-missing", fields: { table: table.table, columns: lacking } };
      const stored = await storedTable(session, database, table);
      for (const part of table.parts) {
        const here = picks.filter((pick) => pick < part.lineCount);
        picks = picks.slice(here.length).map((pick) => pick - part.lineCount);
        if (here.length === 0) continue;
        const sources = new RowSources(options, manifests, table);
        const rows = await pickedRows({ ...options, setAside: setAside.get(table) }, part, new Set(here));
        sampled += rows.length;
        const origins = await Promise.all(rows.map(({ origin }) => sources.of(origin)));
        const documents = await readSourceLines(
          options,
          manifests,
          origins.flatMap((origin) => origin ?? []),
        );
        for (const [i, row] of rows.entries()) {
          const columns =
            lacking?.length === 0 ? await columnsInTarget(session, database, stored, row) : undefined;
          if (columns === undefined || columns.some((c) => !c.isEqual)) unlike.add(table);
          const at = origins[i];
          const document = at === undefined ? undefined : documents.get(at.line);
          yield {
            kind: "sample",
            table: table.table,
            key: keyOf(table, row),
            columns: columns ?? [],
            ...(at === undefined ? {} : { source: at }),
            ...(document === undefined ? {} : { document }),
          };
        }
      }
    }
    yield { kind: "note", code: "sampled", fields: { rows: sampled, total } };
    if (unlike.size > 0) yield { kind: "account", accounts: accountsOf(unlike) };
  } finally {
    await session.close();
  }
}

/** Returns the picked rows, without those that the target refused at load. */
async function pickedRows(
  place: RowsPlace,
  part: TablePart,
  picks: ReadonlySet<number>,
): Promise<ExpectedRow[]> {
  const rows: ExpectedRow[] = [];
  for await (const row of rowsOfPart(place, part)) if (picks.has(row.origin.row - 1)) rows.push(row);
  return rows;
}

function keyOf(table: MysqlTable, { cells }: ExpectedRow): SampleEvent["key"] {
  const key = new RowIdentity(table).keyOf(cells);
  return identifyingColumns(table).map(({ name, sqlType, form }, i) => ({
    name,
    type: sqlType,
    value: reportedValue(key[i]!, form),
  }));
}

/** Returns the row in the target. If several have its key, the equal one counts, or the first. */
async function columnsInTarget(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  { cells }: ExpectedRow,
): Promise<SampledColumn[] | undefined> {
  const identity = new RowIdentity(table);
  const from = tableName(database, table.table);
  const isKey = `${keptSql(keyHashSql(table))} = '${keptText(identity.keyHash(cells))}'`;
  const where = `(${keySql(identifyingColumns(table), [identity.keyOf(cells)])}) AND ${isKey}`;
  const expected = cells.map((cell, i) =>
    cell === null ? undefined : canonicalBytes(cell, table.columns[i]!.form),
  );
  let best: readonly (FoundValue | undefined)[] | undefined;
  const select = table.columns.flatMap(foundValueSql).join(", ");
  for await (const found of streamRows(session, `SELECT ${select} FROM ${from} WHERE ${where} LIMIT 10`)) {
    const values = foundValues(found, table.columns.length);
    if (best === undefined || values.every((value, i) => isSameValue(expected[i], value))) best = values;
  }
  if (best === undefined) return undefined;
  const columns: SampledColumn[] = [];
  for (const [i, column] of table.columns.entries()) {
    const { name, sqlType, form } = column;
    const value = best[i];
    const piece = await differingPieces({ session, from, where, column }, undefined, value);
    const size =
      value?.sha256 === undefined ? undefined : { from: 0, bytes: value.bytes, sha256: value.sha256 };
    columns.push({
      name,
      type: sqlType,
      found: reportedValue(cellOf(value?.whole ?? piece.found ?? null, form), form, size),
      isEqual: isSameValue(expected[i], value),
    });
  }
  return columns;
}

function accountsOf(unlike: ReadonlySet<MysqlTable>): Account[] {
  return [...unlike].map(({ namespace, table }) => ({ namespace, tables: [{ table, equal: false }] }));
}
