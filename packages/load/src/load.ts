import {
  eachPart,
  quoteIdentifier,
  readMysqlManifest,
  verifyArchive,
  type Account,
  type MysqlManifest,
  type MysqlTable,
  type StepEvent,
  type TablePart,
} from "@firebreak/archive";
import {
  createLedger,
  databaseExists,
  indexNames,
  MysqlSession,
  mysqlTarget,
  readLedger,
  SessionPool,
  tableFacts,
  type LedgerRow,
} from "@firebreak/mysql";
import { loadFault } from "./load-faults.ts";
import { loadPart } from "./load-part.ts";
import { planLoad, targetDatabases, type PlannedTable } from "./load-plan.ts";
import { inspectServer, inspectTables } from "./preflight.ts";

export interface LoadOptions {
  readonly archive: string;
  /** Where transform wrote. */
  readonly folder: string;
  readonly url: string;
  readonly jobs: number;
  /** Look at everything, write nothing. */
  readonly isDryRun: boolean;
  /** Of the person, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/**
 * Loads what transform made into MySQL or MariaDB, each part exactly once. The
 * archive is proved whole before the target is touched. Killed at any moment
 * and run again it goes on from the ledger.
 *
 * @throws {FirebreakError} of load, mysql or archive.
 */
export async function* loadArchive(options: LoadOptions): AsyncGenerator<StepEvent> {
  for await (const event of verifyArchive({ ...options, mysqlFolder: options.folder, depth: "files" }))
    if (event.kind === "progress") yield event;
  const { manifest } = await readMysqlManifest(options.folder, options.identities);
  const target = mysqlTarget(options.url);
  const session = await MysqlSession.open(target);
  try {
    const ledgers = await preflight(session, manifest);
    const planned = planLoad(manifest, target.database, ledgers);
    if (planned.some((t) => t.done.length > 0))
      yield {
        kind: "note",
        code: "load-resumed",
        fields: { parts: planned.reduce((n, t) => n + t.done.length, 0) },
      };
    if (!options.isDryRun) {
      await prepareTables(session, planned);
      yield* loadParts(options, planned);
      yield* buildIndexes(options, planned);
    }
    yield { kind: "account", accounts: accountsOf(manifest, options.isDryRun ? planned : allDone(planned)) };
  } finally {
    await session.close();
  }
}

async function preflight(session: MysqlSession, manifest: MysqlManifest): Promise<Map<string, LedgerRow[]>> {
  const findings = await inspectServer(session, manifest);
  const ledgers = new Map<string, LedgerRow[]>();
  for (const database of targetDatabases(manifest, session.target.database))
    if (await databaseExists(session, database)) ledgers.set(database, await readLedger(session, database));
  findings.push(
    ...(await inspectTables(session, planLoad(manifest, session.target.database, ledgers), ledgers)),
  );
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
  return ledgers;
}

async function prepareTables(session: MysqlSession, planned: readonly PlannedTable[]): Promise<void> {
  for (const database of new Set(planned.map((t) => t.database))) await createLedger(session, database);
  for (const { database, table } of planned)
    if ((await tableFacts(session, database, table.table)) === undefined) {
      await session.run(`USE ${quoteIdentifier(database)}`);
      await session.run(table.createTable);
    }
}

async function* loadParts(options: LoadOptions, planned: readonly PlannedTable[]): AsyncGenerator<StepEvent> {
  const todo = planned.flatMap(({ database, table, todo: parts }) =>
    parts.map((part) => ({ database, table, part })),
  );
  let rows = planned.reduce((sum, t) => sum + rowsOf(t.done), 0);
  let bytes = 0;
  const totalItems = rows + planned.reduce((sum, t) => sum + rowsOf(t.todo), 0);
  const sessions = new SessionPool(mysqlTarget(options.url));
  const work = async ({
    database,
    table,
    part,
  }: {
    database: string;
    table: MysqlTable;
    part: TablePart;
  }): Promise<number> => {
    await sessions.use((session) => loadPart(session, options, database, table, part, (n) => (bytes += n)));
    return part.lineCount;
  };
  try {
    for await (const outcome of eachPart(todo, options.jobs, work)) {
      if (outcome.kind === "done") rows += outcome.result;
      yield { kind: "progress", stage: "load", items: rows, bytes, totalItems };
    }
  } finally {
    await sessions.close();
  }
}

/** Secondary indexes come after the rows: building one at once is several times quicker than growing it. */
async function* buildIndexes(
  options: LoadOptions,
  planned: readonly PlannedTable[],
): AsyncGenerator<StepEvent> {
  const sessions = new SessionPool(mysqlTarget(options.url));
  const build = ({ database, table }: PlannedTable): Promise<void> =>
    sessions.use(async (session) => {
      const present = await indexNames(session, database, table.table);
      const missing = table.indexes.filter((i) => !present.has(i.name));
      if (missing.length > 0) await session.run(`USE ${quoteIdentifier(database)}`);
      for (const index of missing) await session.run(index.statement);
    });
  const withIndexes = planned.filter((t) => t.table.indexes.length > 0);
  let done = 0;
  try {
    for await (const outcome of eachPart(withIndexes, options.jobs, build)) {
      if (outcome.kind === "done") done++;
      yield { kind: "progress", stage: "indexes", items: done, bytes: 0, totalItems: withIndexes.length };
    }
  } finally {
    await sessions.close();
  }
}

function accountsOf(manifest: MysqlManifest, planned: readonly PlannedTable[]): Account[] {
  return manifest.namespaces.map((n) => ({
    namespace: n.namespace,
    lines: n.lineCount,
    quarantined: n.quarantinedCount,
    skipped: n.skippedCount,
    collapsed: n.collapsedCount,
    tables: planned
      .filter((t) => t.table.namespace === n.namespace)
      .map((t) => ({
        table: t.table.table,
        rows: t.table.digest.rowCount,
        loaded: rowsOf(t.done),
        quarantined: 0,
      })),
  }));
}

function allDone(planned: readonly PlannedTable[]): PlannedTable[] {
  return planned.map((t) => ({ ...t, done: t.table.parts, todo: [] }));
}

function rowsOf(parts: readonly TablePart[]): number {
  return parts.reduce((sum, p) => sum + p.lineCount, 0);
}
