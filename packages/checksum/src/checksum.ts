import {
  about,
  accountEvent,
  archiveFault,
  eachPart,
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
  addDigests,
  EMPTY_DIGEST,
  isSameDigest,
  refuseUnlinked,
  subtractDigests,
  type PlainDigest,
} from "@firebreak/items";
import {
  allowancesToRead,
  MysqlSession,
  mysqlTarget,
  rangeDigest,
  SessionPool,
  storedTable,
  tableRanges,
  type TableRange,
} from "@firebreak/mysql";
import { chainPlace } from "@firebreak/target";
import { ChainRows } from "./chain/chain-rows.ts";
import { linksNote } from "./chain/links-note.ts";
import { refusedDigest } from "./chain/refused-digest.ts";
import type { SampleEvent } from "./rows/sample.ts";
import { checksumFault } from "./checksum-faults.ts";
import { DifferencesFile } from "./report/differences-file.ts";
import { lackingColumns } from "./rows/lacking-columns.ts";
import type { DifferencesEvent } from "./report/differences-tally.ts";
import { RepairWriter } from "./repair/repair-writer.ts";
import { reportDifferences } from "./report/report-differences.ts";
import { mergedDifferences, mergedTables } from "./report/merged-differences.ts";
import { rowDifferences } from "./rows/row-differences.ts";
import type { RowDifference } from "./rows/row-difference.ts";
import { expectedDigest } from "./rows/expected-digest.ts";
import type { SetAside } from "./rows/expected-row.ts";
import { readSetAside } from "./rows/set-aside.ts";
import type { ChecksumStep } from "./checksum-notes.ts";
import type { ChecksumOptions } from "./checksum-options.ts";

export type ChecksumEvent = ChecksumStep | DifferencesEvent | SampleEvent;

interface RangeTask {
  readonly table: MysqlTable;
  /** The same table as the target stores it. */
  readonly stored: MysqlTable;
  readonly database: string;
  readonly range: TableRange;
}

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
    const databaseOf = (table: MysqlTable): string => target.database ?? table.database;
    yield* linksNote(session, new Set(selected.tables.map(databaseOf)), chainPlace(source));
    const undropped: MysqlTable[] = [];
    for (const table of selected.tables)
      if (
        table.change === "dropped" &&
        table.isGiven !== true &&
        (await lackingColumns(session, databaseOf(table), table)) !== undefined
      )
        undropped.push(table);
    for (const { table } of undropped) yield { kind: "note", code: "table-undropped", fields: { table } };
    const lacking = new Map<MysqlTable, readonly string[]>();
    for (const table of manifest.tables) {
      const columns = await lackingColumns(session, databaseOf(table), table);
      if (columns?.length !== 0) lacking.set(table, columns ?? []);
    }
    const present = manifest.tables.filter((t) => !lacking.has(t));
    const setAside = yield* readSetAside(
      session,
      options,
      present.map((table) => ({ table, database: databaseOf(table) })),
    );
    const merged = new Set<MysqlTable>();
    for (const database of new Set(present.map(databaseOf))) {
      const names = await mergedTables(session, database);
      for (const table of present)
        if (databaseOf(table) === database && names.has(table.table)) merged.add(table);
    }
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
    for (const [{ table }, columns] of lacking)
      yield columns.length === 0
        ? { kind: "note", code: "table-missing", fields: { table } }
        : { kind: "note", code: "columns-missing", fields: { table, columns } };
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
    if (repair !== undefined) {
      const counts = await repair.seal();
      yield counts === undefined
        ? {
            kind: "note",
            code: "repair-nothing",
            fields: { lacking: [...lacking.keys()].map((t) => t.table) },
          }
        : {
            kind: "note",
            code: "repair-written",
            fields: { folder: options.repair!.repairFolder, ...counts },
          };
    }
    const accounted = { ...manifest, tables: [...manifest.tables, ...undropped] };
    yield accountEvent(accountsOf(accounted, digests, equal, setAside), manifest);
  } finally {
    await chain?.close();
    await repair?.close();
    await file.abandon();
    await session.close();
  }
}

async function* following(
  first: RowDifference,
  others: AsyncIterable<RowDifference>,
): AsyncGenerator<RowDifference> {
  yield first;
  yield* others;
}

async function* scanTables(
  options: ChecksumOptions,
  session: MysqlSession,
  tables: readonly MysqlTable[],
  manifest: MysqlManifest,
): AsyncGenerator<ChecksumStep, Map<MysqlTable, PlainDigest>> {
  const target = session.target;
  const sessions = new SessionPool(target);
  const digests = new Map<MysqlTable, PlainDigest>(tables.map((t) => [t, EMPTY_DIGEST]));
  const totalItems = manifest.tables.reduce((sum, t) => sum + t.digest.rowCount, 0);
  let items = 0;

  async function* ranges(): AsyncGenerator<RangeTask> {
    for (const table of tables) {
      const database = target.database ?? table.database;
      await session.allow(allowancesToRead(table));
      const stored = await storedTable(session, database, table);
      for await (const range of tableRanges(session, database, stored))
        yield { table, stored, database, range };
    }
  }
  const scan = ({ table, stored, database, range }: RangeTask): Promise<void> =>
    about(`${database}.${table.table}`, () =>
      sessions.use(async (own) => {
        await own.allow(allowancesToRead(table));
        const digest = await rangeDigest(own, database, stored, range);
        if (digest.hashedCount !== digest.rowCount)
          throw checksumFault("checksum-unhashed", {
            table: table.table,
            rows: digest.rowCount - digest.hashedCount,
          });
        digests.set(table, addDigests(digests.get(table)!, digest));
        items += digest.rowCount;
      }),
    );
  try {
    for await (const _ of eachPart(ranges(), options.jobs, scan))
      yield { kind: "progress", stage: "checksum", items, bytes: 0, totalItems };
  } finally {
    await sessions.close();
  }
  return digests;
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
