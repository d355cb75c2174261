import {
  archiveFault,
  logicalTable,
  readTransformed,
  selectTables,
  withTables,
  type MysqlManifest,
  type MysqlTable,
  type StepEvent,
} from "@firebreak/archive";
import { EMPTY_DIGEST, isSameDigest, subtractDigests, type PlainDigest } from "@firebreak/items";
import {
  chainPlace,
  type ChecksumTarget,
  type DifferingItems,
  type LoadOutcome,
  type OpenSample,
  type ReportedDifference,
  type SampleEvent,
} from "@firebreak/target";
import { allowancesToRead } from "../../driver/allowances.ts";
import { MysqlSession, mysqlTarget } from "../../driver/connect.ts";
import { RepairWriter } from "../repair/repair-writer.ts";
import { ChainRows } from "./chain-rows.ts";
import { checksumFault } from "./checksum-faults.ts";
import type { ChecksumStep, MysqlChecksumNotes } from "./checksum-notes.ts";
import type { MysqlChecksumOptions, MysqlComparison } from "./checksum-options.ts";
import { expectedDigest, refusedDigest } from "./expected-digest.ts";
import { expectedRows, type RowsPlace, type SetAside } from "./expected-rows.ts";
import { mergedDifferences } from "./merged-differences.ts";
import { reportedDifference } from "./reported-difference.ts";
import type { RowDifference } from "./row-difference.ts";
import { rowDifferences } from "./row-differences.ts";
import { RowSources } from "./row-sources.ts";
import { sampledRows } from "./sample.ts";
import { SinceLast } from "./since-last/since-last.ts";
import { scanTables } from "./scan-tables.ts";
import { readSetAside } from "./set-aside.ts";
import {
  databasesIn,
  factsInTarget,
  type FactsInTarget,
  lackingTables,
  ledgerRows,
  linksNotes,
  undroppedTables,
} from "./tables-in-target.ts";

/** A MySQL or MariaDB that can be compared with an archive. The server hashes its rows, so only sums travel. */
export function mysqlChecksumTarget(
  options: MysqlChecksumOptions,
): ChecksumTarget<MysqlManifest, MysqlChecksumNotes, OpenSample<MysqlChecksumNotes>> {
  return {
    readManifest: async (folder, sourceSha256, identities) => {
      const made = await readTransformed(folder, sourceSha256, identities);
      if (made === undefined) throw archiveFault("archive-incomplete", { archive: folder });
      return made;
    },
    open: async (request) => {
      const comparison = { ...options, ...request, made: selectTables(request.made, options.select) };
      const { repair } = options;
      const writer = repair === undefined ? undefined : await RepairWriter.open({ ...request, ...repair });
      return new OpenMysqlChecksum(comparison, await MysqlSession.open(mysqlTarget(options.url)), writer);
    },
  };
}

class OpenMysqlChecksum implements OpenSample<MysqlChecksumNotes> {
  readonly #comparison: MysqlComparison;
  readonly #session: MysqlSession;
  readonly #repair: RepairWriter | undefined;
  readonly #manifest: MysqlManifest;
  readonly #chain: ChainRows | undefined;
  readonly #equal = new Map<MysqlTable, boolean>();
  readonly #digests = new Map<MysqlTable, PlainDigest>();
  #setAside: ReadonlyMap<MysqlTable, SetAside> = new Map();
  #sinceLast: SinceLast | undefined;
  /** True if every row of the archive is expected in its table, and no others. */
  #isPlain = false;
  #undropped: readonly MysqlTable[] = [];
  #lacking: ReadonlyMap<MysqlTable, readonly string[]> = new Map();

  constructor(comparison: MysqlComparison, session: MysqlSession, repair: RepairWriter | undefined) {
    const { made, source } = comparison;
    this.#comparison = comparison;
    this.#session = session;
    this.#repair = repair;
    this.#manifest = {
      ...made,
      tables: made.tables.filter((t) => t.change !== "dropped").map((t) => logicalTable(t)),
    };
    const { delta } = source.manifest;
    this.#chain = delta === undefined ? undefined : new ChainRows(comparison, delta);
  }

  async *compare(): AsyncGenerator<ChecksumStep | DifferingItems> {
    const [session, comparison, manifest] = [this.#session, this.#comparison, this.#manifest];
    const { made, source } = comparison;
    this.#sinceLast = await SinceLast.begin(session, comparison);
    const databaseOf = databasesIn(session);
    yield* linksNotes(session, new Set(made.tables.map(databaseOf)), chainPlace(source));
    this.#undropped = await undroppedTables(session, made.tables);
    for (const { table } of this.#undropped)
      yield { kind: "note", code: "table-undropped", fields: { table } };
    const factsOf = await factsInTarget(session, manifest.tables);
    this.#lacking = lackingTables(manifest.tables, factsOf);
    const present = manifest.tables.filter((t) => !this.#lacking.has(t));
    const ledger = await ledgerRows(session, present);
    this.#setAside = yield* readSetAside(ledger, comparison);
    const merged = new Set(ledger.filter((r) => r.row.presentCount !== undefined).map((r) => r.table));
    this.#isPlain = this.#lacking.size === 0 && this.#setAside.size === 0 && merged.size === 0;
    const proved = yield* this.#provedSinceLast(present, factsOf);
    for (const table of proved) {
      this.#equal.set(table, true);
      this.#digests.set(table, table.digest);
    }
    const scanned = present.filter((t) => !merged.has(t) && !proved.has(t));
    const digests = yield* scanTables(comparison, session, scanned, manifest);
    for (const [table, digest] of digests) this.#digests.set(table, digest);
    for (const table of scanned) {
      const setAside = this.#setAside.get(table);
      const expected =
        this.#chain === undefined || setAside === undefined
          ? await expectedDigest({ ...comparison, setAside }, table)
          : subtractDigests(table.digest, await refusedDigest(ledger, comparison, table));
      this.#equal.set(table, isSameDigest(expected, this.#digests.get(table)!));
    }
    for (const [{ table }, columns] of this.#lacking)
      yield columns.length === 0
        ? { kind: "note", code: "table-missing", fields: { table } }
        : { kind: "note", code: "columns-missing", fields: { table, columns } };
    for (const table of present) {
      if (this.#equal.get(table) === true) continue;
      await session.allow(allowancesToRead(table));
      const setAside = this.#setAside.get(table);
      const chain = this.#chain === undefined ? undefined : yield* this.#chain.of(table, setAside);
      if (this.#chain === undefined || chain !== undefined)
        yield this.#differing(table, { ...comparison, setAside, chain }, merged.has(table));
    }
  }

  async outcome(): Promise<LoadOutcome<MysqlChecksumNotes>> {
    const accounts = withTables(
      this.#manifest.namespaces,
      [...this.#manifest.tables, ...this.#undropped],
      (table) => ({
        table: table.table,
        rows: table.change === "dropped" ? 0 : table.digest.rowCount,
        quarantined: [...(this.#setAside.get(table)?.values() ?? [])].reduce((sum, r) => sum + r.size, 0),
        digested: this.#digests.get(table)?.rowCount ?? 0,
        equal: this.#equal.get(table) ?? false,
        extra: table.extra,
      }),
    );
    const isEqual = this.#isPlain && this.#manifest.tables.every((t) => this.#equal.get(t) === true);
    const isAll = this.#comparison.select === undefined && this.#undropped.length === 0;
    if (isEqual && isAll) await this.#sinceLast?.record(this.#manifest.tables);
    return { notes: await this.#repairNotes(), accounts };
  }

  sample(count: number): AsyncGenerator<ChecksumStep | SampleEvent> {
    const { archive, folder, work, identities, source } = this.#comparison;
    const manifests = { source: source.manifest, mysql: this.#manifest };
    return sampledRows(this.#session, { archive, folder, work, identities }, manifests, count);
  }

  explain(error: unknown): unknown {
    return error;
  }

  async close(): Promise<void> {
    await this.#chain?.close();
    await this.#repair?.close();
    await this.#session.close();
  }

  /** Returns the tables that need no comparison, because what changed since their last proof is proved. */
  async *#provedSinceLast(
    tables: readonly MysqlTable[],
    factsOf: FactsInTarget,
  ): AsyncGenerator<ChecksumStep, ReadonlySet<MysqlTable>> {
    const { sinceLast } = this.#comparison;
    if (sinceLast === undefined || this.#sinceLast === undefined) return new Set();
    const found = this.#isPlain
      ? yield* this.#sinceLast.prove(tables, factsOf, this.#chain)
      : ({ why: "tables-not-plain" } as const);
    if (!("why" in found)) return found;
    if (sinceLast === "only") throw checksumFault("since-last-unproved", found);
    yield { kind: "note", code: "since-last-unproved", fields: found };
    return new Set();
  }

  #differing(table: MysqlTable, place: RowsPlace, isMerged: boolean): DifferingItems {
    const keyColumns = table.keyColumns.map((name) => ({
      name,
      type: table.columns.find((c) => c.name === name)!.sqlType,
    }));
    const database = databasesIn(this.#session)(table);
    const found = isMerged
      ? this.#merged(place, database, table)
      : rowDifferences(this.#session, place, database, table);
    const differences = this.#reported(found, place, table);
    return { kind: "differing", table: table.table, keyColumns, isKnown: !isMerged, differences };
  }

  /** Follows the differences of a table with merged rows, of which there are no sums to compare. */
  async *#merged(place: RowsPlace, database: string, table: MysqlTable): AsyncGenerator<RowDifference> {
    let [rowCount, isEqual] = [0, true];
    const count = (rows: number): void => void (rowCount += rows);
    for await (const difference of mergedDifferences(this.#session, place, database, table, count)) {
      isEqual = false;
      yield difference;
    }
    this.#equal.set(table, isEqual);
    this.#digests.set(table, { ...EMPTY_DIGEST, rowCount });
  }

  /** Adds the documents to the differences of a table, and gives the repair the rows that correct them. */
  async *#reported(
    differences: AsyncIterable<RowDifference>,
    place: RowsPlace,
    table: MysqlTable,
  ): AsyncGenerator<ReportedDifference> {
    const manifests = { source: this.#comparison.source.manifest, mysql: this.#manifest };
    const sources = new RowSources(place, manifests, table);
    for await (const difference of differences) {
      const source = difference.kind === "extra" ? undefined : await sources.of(difference.origin);
      yield reportedDifference(table, difference, source);
      await this.#repair?.add(place.chain?.inLedger ?? table, difference);
    }
    await this.#repair?.endTable(expectedRows(place, table));
  }

  async #repairNotes(): Promise<StepEvent<MysqlChecksumNotes>[]> {
    const { repair } = this.#comparison;
    if (this.#repair === undefined || repair === undefined) return [];
    const counts = await this.#repair.seal();
    const lacking = [...this.#lacking.keys()].map((t) => t.table);
    return counts === undefined
      ? [{ kind: "note", code: "repair-nothing", fields: { lacking } }]
      : [{ kind: "note", code: "repair-written", fields: { folder: repair.repairFolder, ...counts } }];
  }
}
