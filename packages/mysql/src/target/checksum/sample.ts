import { randomInt } from "node:crypto";
import type { Account, MysqlTable, TablePart } from "@firebreak/archive";
import { canonicalBytes, cellOf, identifyingColumns, RowIdentity } from "@firebreak/items";
import { keySql } from "@firebreak/mysql-format";
import type { SampledColumn, SampleEvent } from "@firebreak/target";
import type { MysqlSession } from "../../driver/connect.ts";
import { tableName } from "../../driver/server-facts.ts";
import { streamRows } from "../../driver/stream-rows.ts";
import { keyHashSql } from "../../stored/digest-sql.ts";
import { storedTable } from "../../stored/stored-table.ts";
import type { ChecksumStep } from "./checksum-notes.ts";
import type { MysqlComparison } from "./checksum-options.ts";
import { differingPieces } from "./differing-pieces.ts";
import { rowsOfPart, type ExpectedRow, type Manifests, type RowsPlace } from "./expected-rows.ts";
import { foundValues, foundValueSql, isSameValue, type FoundValue } from "./found-value.ts";
import { keptSql, keptText } from "./kept-hash.ts";
import { reportedValue } from "./reported-difference.ts";
import { RowSources } from "./row-sources.ts";
import { readSetAside } from "./set-aside.ts";
import { readSourceLines } from "./source-documents.ts";
import { databasesIn, factsInTarget, lackingTables, ledgerRows } from "./tables-in-target.ts";

/** Picks rows of the archive at random, and shows each as it is in the target beside its document. */
export async function* sampledRows(
  session: MysqlSession,
  place: Pick<MysqlComparison, "archive" | "folder" | "work" | "identities">,
  manifests: Manifests,
  count: number,
): AsyncGenerator<ChecksumStep | SampleEvent> {
  const { tables } = manifests.mysql;
  const unlike = new Set<MysqlTable>();
  // In a delta, only rows of the delta are picked. The target has them exactly as the parts do.
  const total = tables.flatMap((t) => t.parts).reduce((sum, p) => sum + p.lineCount, 0);
  let picks = randomPicks(count, total);
  let sampled = 0;
  const setAside = yield* readSetAside(await ledgerRows(session, tables), place);
  const filled = tables.filter((t) => t.parts.length > 0);
  const lackingOf = lackingTables(filled, await factsInTarget(session, filled));
  for (const table of filled) {
    const database = databasesIn(session)(table);
    const lacking = lackingOf.get(table);
    if (lacking !== undefined && lacking.length > 0)
      yield { kind: "note", code: "columns-missing", fields: { table: table.table, columns: lacking } };
    const stored = await storedTable(session, database, table);
    for (const part of table.parts) {
      const here = picks.filter((pick) => pick < part.lineCount);
      picks = picks.slice(here.length).map((pick) => pick - part.lineCount);
      if (here.length === 0) continue;
      const sources = new RowSources(place, manifests, table);
      const rows = await pickedRows({ ...place, setAside: setAside.get(table) }, part, new Set(here));
      sampled += rows.length;
      const origins = await Promise.all(rows.map(({ origin }) => sources.of(origin)));
      const known = origins.flatMap((origin) => origin ?? []);
      const documents = await readSourceLines(place, manifests, known);
      for (const [i, row] of rows.entries()) {
        const columns =
          lacking === undefined ? await columnsInTarget(session, database, stored, row) : undefined;
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
}

/**
 * Picks `count` different numbers below `total`, sorted, all equally likely. Returns all numbers if there are
 * no more than `count` (Floyd's algorithm).
 */
export function randomPicks(count: number, total: number): number[] {
  const picked = new Set<number>();
  for (let last = Math.max(0, total - count); last < total; last++) {
    const pick = randomInt(last + 1);
    picked.add(picked.has(pick) ? last : pick);
  }
  return [...picked].sort((a, b) => a - b);
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
