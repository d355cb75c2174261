import {
  addDigests,
  archiveFault,
  eachPart,
  EMPTY_DIGEST,
  isSameDigest,
  listFolder,
  readTransformed,
  type Account,
  type MysqlManifest,
  type MysqlTable,
  type PlainDigest,
  type StepEvent,
} from "@firebreak/archive";
import {
  MysqlSession,
  mysqlTarget,
  rangeDigest,
  SessionPool,
  tableFacts,
  tableRanges,
  type TableRange,
} from "@firebreak/mysql";
import { checksumFault } from "./checksum-faults.ts";
import { findDifferences, type TableDifferences } from "./differences.ts";

export interface ChecksumOptions {
  readonly archive: string;
  /** Where transform wrote. */
  readonly folder: string;
  readonly url: string;
  readonly jobs: number;
  /** Of the person, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/** A table that is not as the archive says. */
export type ChecksumEvent =
  | StepEvent
  | { readonly kind: "differences"; readonly table: string; readonly found: TableDifferences };

interface RangeTask {
  readonly table: MysqlTable;
  readonly database: string;
  readonly range: TableRange;
}

/**
 * Compares the archive's digests with those the target computes of its tables:
 * equal, or which rows differ. Documents in quarantine were never part of the
 * digests, so they make no difference here.
 *
 * @throws {FirebreakError} of checksum, mysql or archive.
 */
export async function* checksumArchive(options: ChecksumOptions): AsyncGenerator<ChecksumEvent> {
  const source = await listFolder(options.archive, "firebreak-archive");
  const manifest = await readTransformed(options.folder, source.sha256, options.identities);
  if (manifest === undefined) throw archiveFault("archive-incomplete", { archive: options.folder });
  const target = mysqlTarget(options.url);
  const session = await MysqlSession.open(target);
  try {
    const lacking = new Map<MysqlTable, readonly string[]>();
    for (const table of manifest.tables) {
      const facts = await tableFacts(session, target.database ?? table.database, table.table);
      const names = new Set(facts?.columns.map((c) => c.name));
      const columns = table.columns.map((c) => c.name).filter((name) => !names.has(name));
      if (columns.length > 0) lacking.set(table, facts === undefined ? [] : columns);
    }
    const present = manifest.tables.filter((t) => !lacking.has(t));
    const digests = yield* scanTables(options, session, present, manifest);
    const equal = new Map(present.map((t) => [t, isSameDigest(t.digest, digests.get(t)!)]));
    for (const [{ table }, columns] of lacking)
      yield columns.length === 0
        ? { kind: "note", code: "table-missing", fields: { table } }
        : { kind: "note", code: "columns-missing", fields: { table, columns } };
    for (const table of present) {
      if (equal.get(table) === true) continue;
      const found = await findDifferences(session, options, target.database ?? table.database, table);
      yield { kind: "differences", table: table.table, found };
    }
    yield { kind: "account", accounts: accountsOf(manifest, digests, equal) };
  } finally {
    await session.close();
  }
}

async function* scanTables(
  options: ChecksumOptions,
  session: MysqlSession,
  tables: readonly MysqlTable[],
  manifest: MysqlManifest,
): AsyncGenerator<StepEvent, Map<MysqlTable, PlainDigest>> {
  const target = session.target;
  const sessions = new SessionPool(target);
  const digests = new Map<MysqlTable, PlainDigest>(tables.map((t) => [t, EMPTY_DIGEST]));
  const totalItems = manifest.tables.reduce((sum, t) => sum + t.digest.rowCount, 0);
  let items = 0;

  async function* ranges(): AsyncGenerator<RangeTask> {
    for (const table of tables) {
      const database = target.database ?? table.database;
      for await (const range of tableRanges(session, database, table)) yield { table, database, range };
    }
  }
  const scan = ({ table, database, range }: RangeTask): Promise<void> =>
    sessions.use(async (own) => {
      const digest = await rangeDigest(own, database, table, range);
      if (digest.hashedCount !== digest.rowCount)
        throw checksumFault("checksum-unhashed", {
          table: table.table,
          rows: digest.rowCount - digest.hashedCount,
        });
      digests.set(table, addDigests(digests.get(table)!, digest));
      items += digest.rowCount;
    });
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
): Account[] {
  return manifest.namespaces.map((n) => ({
    namespace: n.namespace,
    lines: n.lineCount,
    quarantined: n.quarantinedCount,
    skipped: n.skippedCount,
    collapsed: n.collapsedCount,
    tables: manifest.tables
      .filter((t) => t.namespace === n.namespace)
      .map((t) => ({
        table: t.table,
        rows: t.digest.rowCount,
        digested: digests.get(t)?.rowCount ?? 0,
        equal: equal.get(t) ?? false,
      })),
  }));
}
