import {
  collectSeldom,
  accountEvent,
  linesAccount,
  readMysqlManifest,
  readSourceManifest,
  selectTables,
  type MysqlManifest,
  type TableSelection,
} from "@firebreak/archive";
import { refuseUnlinked } from "@firebreak/items";
import { verifyArchive } from "@firebreak/verify";
import {
  databaseExists,
  MysqlSession,
  mysqlTarget,
  noteLink,
  readLedger,
  tableFacts,
  TargetLock,
  type Application,
  type LedgerRow,
} from "@firebreak/mysql";
import { chainPlace } from "@firebreak/target";
import { loadDelta } from "./delta/load-delta.ts";
import { eachPartOf } from "./each-part-of.ts";
import { finishTables } from "./finish-tables.ts";
import { accountsOf } from "./load-account.ts";
import { loadFault, type Finding } from "./load-faults.ts";
import { loadDirectly } from "./load-directly.ts";
import { loadPart } from "./load-part.ts";
import { planLoad, quarantinedOf, rowsOf, targetDatabases, type PlannedTable } from "./load-plan.ts";
import type { LoadWork, PartWork } from "./part-work.ts";
import { watchMigrations } from "./migrations.ts";
import { mergePart } from "./merge/merge-part.ts";
import { preflight } from "./preflight/preflight.ts";
import { prepareTables } from "./prepare-tables.ts";
import { QuarantineLimit } from "./quarantine-limit.ts";
import { quarantineNote } from "./quarantine-notes.ts";
import { refuseMissingQuarantine, replayQuarantine } from "./replay-quarantine.ts";
import { settleEngines } from "./settle-engines.ts";
import { Turn } from "./turn.ts";
import type { LoadEvent } from "./load-notes.ts";
import { verdictOf } from "./verdict-of.ts";

export interface LoadOptions {
  readonly archive: string;
  /** The folder that transform wrote. */
  readonly folder: string;
  readonly url: string;
  readonly jobs: number;
  /** The folder for rows that the target refuses. */
  readonly work: string;
  /** The load ends if the target refuses more rows than this. */
  readonly maxQuarantine: number;
  /** Loads only the rows in quarantine. */
  readonly isReplay: boolean;
  /** Merges rows into an application's own tables: rows of others may exist there, and are compared. */
  readonly isMerge?: boolean;
  /** Finds the application of a profile, for rows of the application's own tables. */
  readonly applicationOf?: ((profile: string) => Promise<Application | undefined>) | undefined;
  /** Checks everything, writes nothing. */
  readonly isDryRun: boolean;
  /** The user agrees to the statements by which a delta makes room in tables. */
  readonly mayAlter?: boolean;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /**
   * The tables to load, and their place, if the load is part of a larger task. By default all tables, to the
   * place that the manifest names.
   */
  readonly select?: TableSelection | undefined;
  /** True if the archive was just verified as a whole. */
  readonly isProved?: boolean;
}

/**
 * Loads the output of transform into MySQL or MariaDB, each part exactly once. The archive is verified as a
 * whole before the target is touched. Rows that the target refuses go to quarantine below `work`. If the load
 * is killed at any moment and run again, it continues from the ledger. A delta is applied to a target that
 * has the links before it. A full archive changes nothing if its deltas are already in the target.
 *
 * @throws {FirebreakError} of load, mysql or archive.
 */
export async function* loadArchive(options: LoadOptions): AsyncGenerator<LoadEvent> {
  collectSeldom();
  if (options.isProved !== true)
    for await (const event of verifyArchive({ ...options, mysqlFolder: options.folder, depth: "files" }))
      if (event.kind === "progress") yield event;
  const { manifest: whole, encryption } = await readMysqlManifest(options.folder, options.identities);
  const manifest = selectTables(whole, options.select);
  const source = await readSourceManifest(options.archive, options.identities);
  refuseUnlinked(source.manifest, whole, options.folder);
  const recipients = encryption?.recipients ?? [];
  if (source.manifest.delta !== undefined) {
    yield* loadDelta(options, { source, delta: source.manifest.delta, manifest, recipients });
    return;
  }
  const target = mysqlTarget(options.url);
  const databases = targetDatabases(manifest, target.database);
  const session = await MysqlSession.open(target);
  let lock: TargetLock | undefined;
  try {
    if (!options.isDryRun) lock = await TargetLock.take(target, databases);
    const place = chainPlace(source);
    const verdict = await verdictOf(session, place, manifest, databases);
    if (verdict.what === "followed") {
      const { number, isWhole } = verdict;
      yield { kind: "note", code: "delta-in-target", fields: { number, isWhole } };
      yield accountEvent(manifest.namespaces.map(linesAccount), manifest);
      return;
    }
    const isMerge = options.isMerge === true;
    const application = await options.applicationOf?.(manifest.profile);
    const { ledgers, send, notes } = await preflight(session, manifest, { isMerge, application });
    const refuseMigrated = await watchMigrations(session, manifest, application);
    for (const note of notes) yield { kind: "note", ...note };
    const planned = planLoad(manifest, target.database, ledgers);
    if (options.isReplay) await refuseUnloaded(session, planned);
    const work: LoadWork = {
      folder: options.folder,
      work: options.work,
      server: target.server,
      manifests: { source: source.manifest, mysql: manifest },
      identities: options.identities,
      recipients,
      send,
      isMerge,
      assertHeld: () => lock?.assertHeld(),
      limit: new QuarantineLimit(options.maxQuarantine, QuarantineLimit.counter(quarantinedOf(planned))),
      entryOf: (file) => file,
    };
    for await (const event of carryOut(options, session, work, planned)) {
      work.assertHeld();
      yield event;
    }
    await refuseMigrated();
    // A restore is not a link of a chain: its tables may have other names.
    if (!options.isDryRun && options.select === undefined)
      for (const database of databases) await noteLink(session, database, place);
  } finally {
    await session.close();
    await lock?.release();
  }
}

/** Otherwise a replay that succeeds could be mistaken for a load that did. */
async function refuseUnloaded(session: MysqlSession, planned: readonly PlannedTable[]): Promise<void> {
  const { server } = session.target;
  const findings = planned
    .filter(({ todo }) => todo.length > 0)
    .map(({ table: { table, parts }, todo }): Finding => ({
      what: "replay-unloaded",
      table,
      missing: todo.length,
      parts: parts.length,
    }));
  // A load ignores triggers if all parts are in.
  for (const { database, table, done } of planned) {
    const triggers = (await tableFacts(session, database, table.table))?.triggers ?? [];
    if (triggers.length > 0 && done.some(({ ledger }) => ledger.quarantinedCount > 0))
      findings.push({ what: "triggers", table: table.table, names: triggers });
  }
  if (findings.length > 0) throw loadFault("load-refused", { server, findings });
}

async function* carryOut(
  options: LoadOptions,
  session: MysqlSession,
  work: LoadWork,
  planned: readonly PlannedTable[],
): AsyncGenerator<LoadEvent> {
  const partCount = planned.reduce((n, t) => n + t.done.length, 0);
  if (partCount > 0) yield { kind: "note", code: "load-resumed", fields: { parts: partCount } };
  const { mysql } = work.manifests;
  if (options.isDryRun) {
    yield accountEvent(accountsOf(mysql, planned), mysql);
    return;
  }
  if (options.isReplay) yield* replay(options, work, planned);
  else {
    const direct = await prepareTables(session, planned);
    const others = planned.filter((p) => !direct.includes(p));
    yield* loadParts(options, work, others);
    yield* finishTables(options, others);
    yield* loadDirectly(session, work, direct);
  }
  const after = planLoad(mysql, session.target.database, await readLedgers(session, mysql));
  if (quarantinedOf(after) > 0) yield quarantineNote(work, after);
  await settleEngines(session, after);
  yield accountEvent(accountsOf(mysql, after), mysql);
}

async function readLedgers(
  session: MysqlSession,
  manifest: MysqlManifest,
): Promise<Map<string, LedgerRow[]>> {
  const ledgers = new Map<string, LedgerRow[]>();
  for (const database of targetDatabases(manifest, session.target.database))
    if (await databaseExists(session, database)) ledgers.set(database, await readLedger(session, database));
  return ledgers;
}

async function* loadParts(
  options: LoadOptions,
  work: LoadWork,
  planned: readonly PlannedTable[],
): AsyncGenerator<LoadEvent> {
  const todo = planned.flatMap(({ database, table, todo: parts }) =>
    parts.map((part): PartWork => ({ database, table, part })),
  );
  const loaded = planned.reduce((sum, t) => sum + rowsOf(t.done), 0);
  const totalItems = loaded + todo.reduce((sum, { part }) => sum + part.lineCount, 0);
  const turn = new Turn();
  yield* eachPartOf(options, todo, { stage: "load", items: loaded, totalItems }, (session, part, count) =>
    work.isMerge && part.table.isGiven === true
      ? mergePart(session, work, part, count)
      : loadPart(session, work, part, turn, count),
  );
}

/** Replays one part after the other: refused rows may be in each other's way. */
async function* replay(
  options: LoadOptions,
  work: LoadWork,
  planned: readonly PlannedTable[],
): AsyncGenerator<LoadEvent> {
  const todo = planned.flatMap(({ database, table, done }) =>
    done
      .filter(({ ledger }) => ledger.quarantinedCount > 0)
      .map(({ part, ledger }) => ({ database, table, part, ledger })),
  );
  await refuseMissingQuarantine(
    work.work,
    todo.map(({ ledger }) => ledger),
  );
  const totalItems = todo.reduce((sum, { ledger }) => sum + ledger.quarantinedCount, 0);
  yield* eachPartOf(
    { ...options, jobs: 1 },
    todo,
    { stage: "replay", items: 0, totalItems },
    (session, part) => replayQuarantine(session, work, part, part.ledger),
  );
}
