import {
  accountEvent,
  archiveFault,
  logicalTable,
  readSourceManifest,
  readTransformed,
  selectTables,
  withTables,
  type Account,
  type MysqlManifest,
  type MysqlTable,
} from "@firebreak/archive";
import {
  EMPTY_DIGEST,
  isSameDigest,
  refuseUnlinked,
  subtractDigests,
  type PlainDigest,
} from "@firebreak/items";
import { allowancesToRead, MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { chainPlace } from "@firebreak/target";
import { ChainRows } from "./chain/chain-rows.ts";
import { linksNote } from "./chain/links-note.ts";
import { refusedDigest } from "./chain/refused-digest.ts";
import type { SampleEvent } from "./rows/sample.ts";
import { DifferencesFile } from "./report/differences-file.ts";
import type { DifferencesEvent } from "./report/differences-tally.ts";
import { RepairWriter, type RepairCounts } from "./repair/repair-writer.ts";
import { reportDifferences } from "./report/report-differences.ts";
import { mergedDifferences } from "./report/merged-differences.ts";
import { rowDifferences } from "./rows/row-differences.ts";
import type { RowDifference } from "./rows/row-difference.ts";
import { expectedDigest } from "./rows/expected-digest.ts";
import type { SetAside } from "./rows/expected-row.ts";
import { readSetAside } from "./rows/set-aside.ts";
import type { ChecksumStep } from "./checksum-notes.ts";
import type { ChecksumOptions } from "./checksum-options.ts";
import { databasesIn, undroppedTables, lackingTables, mergedOf } from "./rows/tables-in-target.ts";
import { scanTables } from "./rows/scan-tables.ts";

export type ChecksumEvent = ChecksumStep | DifferencesEvent | SampleEvent;

/**
 * Compares the archive's digests with those that the target computes of its tables. Reports equality, or the
 * rows that differ. Documents in quarantine were never part of the digests, so they cause no difference. For
 * a delta, it compares the whole tables of the chain.
 *
 * @throws {FirebreakError} a fault of checksum, mysql or archive.
 */
export async function* checksumArchive(options: ChecksumOptions): AsyncGenerator<ChecksumEvent> {
  const source = await readSourceManifest(options.archive, options.identities);
  const whole = await readTransformed(options.folder, source.sha256, options.identities);
  if (whole === undefined) throw archiveFault("archive-incomplete", { archive: options.folder });
  refuseUnlinked(source.manifest, whole, options.folder);
  const selected = selectTables(whole, options.select);
  const expectedTables = selected.tables.filter((t) => t.change !== "dropped");
  const manifest = { ...selected, tables: expectedTables.map(logicalTable) };
  const { delta } = source.manifest;
  const chain = delta === undefined ? undefined : new ChainRows(options, delta);
  const repair =
    options.repair === undefined ? undefined : await RepairWriter.open({ ...options, ...options.repair });
  const target = mysqlTarget(options.url);
  const session = await MysqlSession.open(target);
  const file = new DifferencesFile(options.work);
  try {
    const databaseOf = databasesIn(session);
    yield* linksNote(session, new Set(selected.tables.map(databaseOf)), chainPlace(source));
    const undropped = await undroppedTables(session, selected.tables);
    for (const { table } of undropped) yield { kind: "note", code: "table-undropped", fields: { table } };
    const lacking = await lackingTables(session, manifest.tables);
    const present = manifest.tables.filter((t) => !lacking.has(t));
    const setAside = yield* readSetAside(
      session,
      options,
      present.map((table) => ({ table, database: databaseOf(table) })),
    );
    const merged = await mergedOf(session, present);
    const scanned = present.filter((t) => !merged.has(t));
    const digests = yield* scanTables(options, session, scanned, manifest);
    const equal = new Map<MysqlTable, boolean>();
    for (const table of scanned) {
      const refused = setAside.get(table);
      const expected =
        delta === undefined || refused === undefined
          ? await expectedDigest({ ...options, setAside: refused }, table)
          : subtractDigests(table.digest, await refusedDigest(session, options, databaseOf(table), table));
      equal.set(table, isSameDigest(expected, digests.get(table)!));
    }
    yield* lackingNotes(lacking);
    const manifests = { source: source.manifest, mysql: manifest };
    for (const table of present) {
      if (equal.get(table) === true) continue;
      await session.allow(allowancesToRead(table));
      const rows = chain === undefined ? undefined : yield* chain.of(table, setAside.get(table));
      if (chain !== undefined && rows === undefined) continue;
      const place = { ...options, setAside: setAside.get(table), chain: rows };
      const database = databaseOf(table);
      if (!merged.has(table)) {
        const differences = rowDifferences(session, place, database, table);
        yield* reportDifferences(differences, { place, manifests, table }, file, repair);
        continue;
      }
      let rowCount = 0;
      const differences = mergedDifferences(session, place, database, table, (found) => (rowCount += found));
      const first = await differences.next();
      equal.set(table, first.done === true);
      if (first.done !== true)
        yield* reportDifferences(
          following(first.value, differences),
          { place, manifests, table },
          file,
          repair,
        );
      digests.set(table, { ...EMPTY_DIGEST, rowCount });
    }
    yield* file.seal();
    if (repair !== undefined)
      yield repairNote(await repair.seal(), options.repair!.repairFolder, lacking.keys());
    const accounted = { ...manifest, tables: [...manifest.tables, ...undropped] };
    yield accountEvent(accountsOf(accounted, digests, equal, setAside), manifest);
  } finally {
    await chain?.close();
    await repair?.close();
    await file.abandon();
    await session.close();
  }
}

function* lackingNotes(lacking: ReadonlyMap<MysqlTable, readonly string[]>): Generator<ChecksumStep> {
  for (const [{ table }, columns] of lacking)
    yield columns.length === 0
      ? { kind: "note", code: "table-missing", fields: { table } }
      : { kind: "note", code: "columns-missing", fields: { table, columns } };
}

function repairNote(
  counts: RepairCounts | undefined,
  folder: string,
  lacking: Iterable<MysqlTable>,
): ChecksumStep {
  return counts === undefined
    ? { kind: "note", code: "repair-nothing", fields: { lacking: [...lacking].map((t) => t.table) } }
    : { kind: "note", code: "repair-written", fields: { folder, ...counts } };
}

async function* following(
  first: RowDifference,
  others: AsyncIterable<RowDifference>,
): AsyncGenerator<RowDifference> {
  yield first;
  yield* others;
}

function accountsOf(
  manifest: MysqlManifest,
  digests: ReadonlyMap<MysqlTable, PlainDigest>,
  equal: ReadonlyMap<MysqlTable, boolean>,
  setAside: ReadonlyMap<MysqlTable, SetAside>,
): Account[] {
  return withTables(manifest.namespaces, manifest.tables, (table) => ({
    table: table.table,
    rows: table.change === "dropped" ? 0 : table.digest.rowCount,
    quarantined: [...(setAside.get(table)?.values() ?? [])].reduce((sum, rows) => sum + rows.size, 0),
    digested: digests.get(table)?.rowCount ?? 0,
    equal: equal.get(table) ?? false,
    extra: table.extra,
  }));
}
