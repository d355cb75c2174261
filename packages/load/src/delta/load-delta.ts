import { join } from "node:path";
import {
  accountEvent,
  killPoint,
  LOAD_QUARANTINE,
  type Delta,
  type MysqlManifest,
  type ReadManifest,
  type SourceManifest,
} from "@firebreak/archive";
import {
  createLedger,
  databaseExists,
  MysqlSession,
  mysqlTarget,
  noteLink,
  partName,
  readLedger,
  tableName,
  TargetLock,
  type LedgerRow,
} from "@firebreak/mysql";
import { chainPlace, type ChainPlace } from "@firebreak/target";
import { needsOwnEngine } from "../create-table.ts";
import { finishTables } from "../finish-tables.ts";
import type { LoadOptions } from "../load.ts";
import { loadFault, type Finding } from "../load-faults.ts";
import { targetDatabases } from "../load-plan.ts";
import { watchMigrations } from "../migrations.ts";
import type { LoadWork } from "../part-work.ts";
import { QuarantineLimit } from "../quarantine-limit.ts";
import { leaveEngine, settleEngines } from "../settle-engines.ts";
import type { LoadEvent } from "../load-notes.ts";
import { verdictOf } from "../verdict-of.ts";
import { alterTables } from "./alter-tables.ts";
import { changeTables } from "./change-tables.ts";
import { deltaAccounts } from "./delta-account.ts";
import { deltaFault } from "./delta-faults.ts";
import { planDelta, type DeltaTable } from "./delta-plan.ts";
import { inspectDelta } from "./delta-preflight.ts";
import { finishedTables, renewTables } from "./renew-tables.ts";
import { replayDelta } from "./replay-delta.ts";

/** A delta, with its manifests as they were read. */
export interface ReadDelta {
  readonly source: ReadManifest<SourceManifest>;
  readonly delta: Delta;
  readonly manifest: MysqlManifest;
  readonly recipients: readonly string[];
}

/**
 * Applies a delta to a MySQL or MariaDB that has the links before it, each table exactly once. The ledger
 * names the newest link of each database; the entry of this delta is written when all its tables are in. If
 * it is killed at any moment and run again, it does what is left. If the delta is already in, a note says so
 * and nothing changes.
 *
 * @throws {FirebreakError} of load, mysql or archive.
 */
export async function* loadDelta(options: LoadOptions, read: ReadDelta): AsyncGenerator<LoadEvent> {
  const { source, delta, manifest } = read;
  const place = chainPlace(source);
  const target = mysqlTarget(options.url);
  const databases = targetDatabases(manifest, target.database);
  const session = await MysqlSession.open(target);
  let lock: TargetLock | undefined;
  try {
    if (!options.isDryRun) lock = await TargetLock.take(target, databases);
    const verdict = await verdictOf(session, place, manifest, databases);
    const ledgers = await readLedgers(session, databases);
    const planned = planDelta(manifest, place, target.database, ledgers);
    const isIn = verdict.what === "in";
    if (isIn && !options.isReplay) {
      yield { kind: "note", code: "delta-in-before", fields: { number: delta.number } };
      yield* quarantineNote(options, ledgers);
      yield accountEvent(deltaAccounts(manifest, planned, place), manifest);
      return;
    }
    const work: Omit<LoadWork, "send"> = {
      folder: options.folder,
      work: options.work,
      server: target.server,
      manifests: { source: source.manifest, mysql: manifest },
      identities: options.identities,
      recipients: read.recipients,
      isMerge: false,
      assertHeld: () => lock?.assertHeld(),
      limit: new QuarantineLimit(options.maxQuarantine, QuarantineLimit.counter(quarantinedIn(ledgers))),
      entryOf: (file) => partName(place, file),
    };
    if (options.isReplay)
      yield* replayDelta(options, session, work, ledgers, isIn ? undefined : delta.number);
    else yield* carryOut(options, session, work, read, place, planned);
    const after = await readLedgers(session, databases);
    yield* quarantineNote(options, after);
    const done = planDelta(manifest, place, target.database, after);
    yield accountEvent(deltaAccounts(manifest, done, place), manifest);
  } finally {
    await session.close();
    await lock?.release();
  }
}

async function readLedgers(
  session: MysqlSession,
  databases: readonly string[],
): Promise<Map<string, readonly LedgerRow[]>> {
  const ledgers = new Map<string, readonly LedgerRow[]>();
  for (const database of databases)
    if (await databaseExists(session, database)) ledgers.set(database, await readLedger(session, database));
  return ledgers;
}

async function* carryOut(
  options: LoadOptions,
  session: MysqlSession,
  unsent: Omit<LoadWork, "send">,
  { manifest, delta }: ReadDelta,
  place: ChainPlace,
  planned: readonly DeltaTable[],
): AsyncGenerator<LoadEvent> {
  const application = await options.applicationOf?.(manifest.profile);
  const { send, notes, toAlter } = await inspectDelta(session, manifest, planned, options.work, {
    application,
  });
  for (const note of notes) yield { kind: "note", ...note };
  const tables = toAlter.map(({ plan, statements }) => ({ table: plan.table.table, statements }));
  if (tables.length > 0 && options.mayAlter !== true && !options.isDryRun)
    throw deltaFault("delta-alter", { server: session.target.server, tables });
  if (options.isDryRun) {
    for (const { statements } of tables)
      for (const statement of statements)
        yield { kind: "note", code: "table-to-alter", fields: { statement } };
    return;
  }
  const done = planned.filter((t) => t.isNoted).length;
  if (done > 0) yield { kind: "note", code: "delta-resumed", fields: { number: delta.number, tables: done } };
  const planTables = { tables: planned.map((t) => t.table) };
  const refuseMigrated = await watchMigrations(session, planTables, application);
  const work: LoadWork = { ...unsent, send };
  await refuseDirect(session, planned);
  const databases = targetDatabases(manifest, session.target.database);
  for (const database of databases) await createLedger(session, database);
  for (const { database, table, way, isNoted } of planned)
    if (way === "changed" && !isNoted && table.own?.createInEngine !== undefined)
      await leaveEngine(session, database, table);
  yield* alterTables(session, toAlter);
  yield* changeTables(options, work, place, planned);
  yield* renewTables(options, session, work, place, planned);
  const ledgers = await readLedgers(session, databases);
  const finished = finishedTables(planned, place, ledgers);
  yield* finishTables(options, finished);
  const refusing = new Set(
    [...ledgers].flatMap(([database, rows]) =>
      rows.filter((r) => r.quarantinedCount > 0).map((r) => tableName(database, r.table)),
    ),
  );
  await settleEngines(
    session,
    finished.filter((t) => !refusing.has(tableName(t.database, t.table.table))),
  );
  await refuseMigrated();
  killPoint("tables-finished");
  for (const database of databases) {
    work.assertHeld();
    await noteLink(session, database, place);
  }
}

/** Refuses tables that the delta brings as a whole and that only their own engine takes. */
async function refuseDirect(session: MysqlSession, planned: readonly DeltaTable[]): Promise<void> {
  const findings: Finding[] = [];
  for (const { database, table, way, isNoted } of planned)
    if (way === "renewed" && !isNoted && (await needsOwnEngine(session, database, table)))
      findings.push({ what: "delta-direct", table: table.table, engine: table.own!.engine });
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
}

function quarantinedIn(ledgers: ReadonlyMap<string, readonly LedgerRow[]>): number {
  return [...ledgers.values()].flat().reduce((sum, r) => sum + r.quarantinedCount, 0);
}

function* quarantineNote(
  { work }: LoadOptions,
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
): Generator<LoadEvent> {
  const count = quarantinedIn(ledgers);
  const folder = join(work, LOAD_QUARANTINE);
  if (count > 0) yield { kind: "note", code: "rows-quarantined", fields: { count, folder } };
}
