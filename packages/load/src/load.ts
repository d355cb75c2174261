import {
  collectSeldom,
  accountEvent,
  linesAccount,
  readMysqlManifest,
  readSourceManifest,
  refuseUnlinked,
  selectTables,
  type MysqlManifest,
  type StepEvent,
  type TableSelection,
} from "@firebreak/archive";
import { verifyArchive } from "@firebreak/verify";
import {
  databaseExists,
  MysqlSession,
  mysqlTarget,
  readLedger,
  tableFacts,
  TargetLock,
  type Application,
  type LedgerRow,
} from "@firebreak/mysql";
import { loadDelta } from "./delta/load-delta.ts";
import { laterDelta, noteLink } from "./delta/links-in-target.ts";
import { eachPartOf } from "./each-part-of.ts";
import { finishTables } from "./finish-tables.ts";
import { accountsOf } from "./load-account.ts";
import { loadFault, type Finding } from "./load-faults.ts";
import { loadDirectly } from "./load-directly.ts";
import { loadPart } from "./load-part.ts";
import { planLoad, quarantinedOf, rowsOf, targetDatabases, type PlannedTable } from "./load-plan.ts";
import type { LoadWork, PartWork } from "./part-work.ts";
import { migrationsOf, refuseMoved } from "./migrations.ts";
import { mergePart } from "./merge/merge-part.ts";
import { preflight } from "./preflight/preflight.ts";
import { prepareTables } from "./prepare-tables.ts";
import { QuarantineLimit } from "./quarantine-limit.ts";
import { quarantineNote } from "./quarantine-notes.ts";
import { refuseMissingQuarantine, replayQuarantine } from "./replay-quarantine.ts";
import { settleEngines } from "./settle-engines.ts";
import { Turn } from "./turn.ts";

export interface LoadOptions {
  readonly archive: string;
  /** Where transform wrote. */
  readonly folder: string;
  readonly url: string;
  readonly jobs: number;
  /** Where the rows go that the target refuses. */
  readonly work: string;
  /** With one refused row more than this the load ends. */
  readonly maxQuarantine: number;
  /** Load what is in quarantine, and nothing else. */
  readonly isReplay: boolean;
  /** For tables that are an application's own: rows that are not ours may be there, and are compared. */
  readonly isMerge?: boolean;
  /** What is known of the application that a profile is about; of rows for its own tables. */
  readonly applicationOf?: ((profile: string) => Promise<Application | undefined>) | undefined;
  /** Look at everything, write nothing. */
  readonly isDryRun: boolean;
  /** The person agrees to the statements that a delta makes room in tables with. */
  readonly mayAlter?: boolean;
  /** Of the person, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** For what is a part of a larger work: which tables, and where to; all, where the manifest says, unless given. */
  readonly select?: TableSelection | undefined;
  /** Whether the archive was proved whole already, a moment ago. */
  readonly isProved?: boolean;
}

/**
 * Loads what transform made into MySQL or MariaDB, each part exactly once. The
 * archive is proved whole before the target is touched. Rows that the target
 * refuses go to quarantine below `work`. Killed at any moment and run again it
 * goes on from the ledger. A delta is applied to what the links before it are in;
 * a full archive whose deltas are in already changes nothing.
 *
 * @throws {FirebreakError} of load, mysql or archive.
 */
export async function* loadArchive(options: LoadOptions): AsyncGenerator<StepEvent> {
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
    const later = await laterDelta(session, databases, source.sha256);
    if (later !== undefined) {
      yield { kind: "note", code: "delta-in-target", fields: { ...later } };
      yield accountEvent(manifest.namespaces.map(linesAccount), manifest);
      return;
    }
    const isMerge = options.isMerge === true;
    const application = await options.applicationOf?.(manifest.profile);
    const { ledgers, send, notes } = await preflight(session, manifest, { isMerge, application });
    const migrations = await migrationsOf(session, manifest);
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
    await refuseMoved(session, migrations);
    // A restore is no link of a chain: what it makes may have other names.
    if (!options.isDryRun && options.select === undefined)
      await noteLink(session, databases, { chainSha256: source.sha256, number: 0 }, source.sha256);
  } finally {
    await session.close();
    await lock?.release();
  }
}

/** A replay that ended well would be taken for a load that did. */
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
  // A load passes over them where all parts are in.
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
): AsyncGenerator<StepEvent> {
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
): AsyncGenerator<StepEvent> {
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

/** One after the other: what was refused may be in each other's way. */
async function* replay(
  options: LoadOptions,
  work: LoadWork,
  planned: readonly PlannedTable[],
): AsyncGenerator<StepEvent> {
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
