import {
  readSourceManifest,
  type Account,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import { refuseDelta } from "@firebreak/items";
import { verifyArchive } from "@firebreak/verify";
import {
  connectMongodb,
  dropLedger,
  explainMongodb,
  readDefinition,
  TargetLock,
  writeLedgerHead,
  type MongodbSource,
} from "@firebreak/mongodb";
import { carryOut } from "./carry-out.ts";
import { inspectTarget, type RestoreIdentity, type TargetState } from "./preflight.ts";
import { placesOf } from "./renames.ts";
import {
  accountOf,
  allOf,
  type PlannedNamespace,
  planRestore,
  restorableDefinition,
  type RestorableDefinition,
  type RestorePlan,
} from "./restore-plan.ts";
import { restoreFault } from "./restore-faults.ts";
import { lastRestored, openRestoredLog } from "./restored-log.ts";
import type { RestoreEvent } from "./restore-notes.ts";
import { selectedNamespaces, type RestoreOptions, type RestoreRun } from "./restore-options.ts";

/**
 * Restores an archive into MongoDB: documents byte for byte, then indexes, then views, and reads everything
 * back.
 *
 * The archive is verified before the target is touched. The source is not needed. A run that was killed at
 * any moment continues, when started again, from the ledger in each target database.
 *
 * @throws {FirebreakError} an error of restore, mongodb or archive. A difference between the result and the
 * archive is no error: the account has it as `equal: false`.
 */
export async function* restoreArchive(options: RestoreOptions): AsyncGenerator<RestoreEvent> {
  const { archive, jobs, identities } = options;
  for await (const event of verifyArchive({ archive, depth: "files", jobs, identities }))
    if (event.kind === "progress") yield event;
  const { manifest, sha256, encryption } = await readSourceManifest(archive, identities);
  refuseDelta(manifest, archive);
  const target = await connectMongodb(options.url);
  try {
    const run = { ...options, recipients: encryption?.recipients ?? [] };
    yield* restoreTo(target, run, manifest, sha256);
  } catch (error) {
    throw explainMongodb(error, target.server);
  } finally {
    await target.client.close();
  }
}

async function* restoreTo(
  target: MongodbSource,
  options: RestoreRun,
  manifest: SourceManifest,
  manifestSha256: string,
): AsyncGenerator<RestoreEvent> {
  const plan = await makePlan(options, manifest, target);
  const { include, exclude, renames } = options;
  const settings = JSON.stringify({ include, exclude, renames, database: target.database });
  const identity: RestoreIdentity = { manifestSha256, settings };
  const restoredAt = await lastRestored(options.work, { ...identity, server: target.server });
  const inspect = async (): Promise<TargetState> => {
    const state = await inspectTarget(target, plan, identity, options.isDropping, restoredAt);
    if (state.findings.length > 0)
      throw restoreFault("restore-refused", { server: target.server, findings: state.findings });
    return state;
  };

  const before = await inspect();
  if (options.isDryRun) {
    const namespaces = droppedBy(before);
    if (namespaces.length > 0) yield { kind: "note", code: "restore-would-drop", fields: { namespaces } };
    yield { kind: "account", accounts: allOf(plan).map(accountOf) };
    return;
  }
  const log = await openRestoredLog(options.work);
  try {
    const lock = await TargetLock.take(target, plan.databases);
    try {
      // Another run may have come and gone since the first look.
      const state = await inspect();
      await confirmDrops(options, target, state);
      const isWhole = yield* restoreLocked(options, target, { plan, identity, state, lock });
      if (!isWhole) return;
      await log.append({ ...identity, server: target.server, finishedAt: new Date().toISOString() });
      for (const database of plan.databases) await dropLedger(target, database);
    } finally {
      await lock.release();
    }
  } finally {
    await log.close();
  }
}

interface LockedRestore {
  readonly plan: RestorePlan;
  readonly identity: RestoreIdentity;
  readonly state: TargetState;
  readonly lock: TargetLock;
}

/** @returns true if the target is as the archive says, so that only the ledgers are left to remove. */
async function* restoreLocked(
  options: RestoreRun,
  target: MongodbSource,
  { plan, identity, state, lock }: LockedRestore,
): AsyncGenerator<RestoreEvent, boolean> {
  if (state.isResumed) {
    const parts = state.work.reduce((count, w) => count + w.done.length, 0);
    yield { kind: "note", code: "restore-resumed", fields: { parts } };
  }
  if (state.isFinished) {
    yield { kind: "account", accounts: allOf(plan).map(wholeAccountOf) };
    return true;
  }
  const writeHeads = async (isFinished: boolean): Promise<void> => {
    for (const database of plan.databases)
      await writeLedgerHead(target, database, { ...identity, isFinished });
  };
  await writeHeads(false);
  const isWhole = yield* carryOut(options, target, plan, state, () => lock.assertHeld());
  // After the first of these, a later run only has to remove the ledgers.
  if (isWhole) await writeHeads(true);
  return isWhole;
}

async function confirmDrops(
  options: RestoreOptions,
  target: MongodbSource,
  state: TargetState,
): Promise<void> {
  const namespaces = droppedBy(state);
  if (namespaces.length > 0 && !(await options.confirmDrop(namespaces)))
    throw restoreFault("restore-declined", { server: target.server });
}

async function makePlan(
  options: RestoreOptions,
  manifest: SourceManifest,
  { database, version }: MongodbSource,
): Promise<RestorePlan> {
  const selected = selectedNamespaces(options, manifest);
  const { archive, identities, isWithoutIndexes } = options;
  const definitions = new Map<SourceNamespace, RestorableDefinition>();
  for (const ns of selected) {
    const definition = await readDefinition(archive, ns, identities);
    definitions.set(ns, restorableDefinition(definition, { version, isWithoutIndexes }));
  }
  return planRestore(placesOf(selected, options.renames, database), definitions);
}

function droppedBy(state: TargetState): string[] {
  return state.work.filter((w) => w.isDropped && w.state === undefined).map((w) => w.planned.namespace);
}

/** Returns the account of a namespace that an earlier run restored and proved, and left only its ledgers. */
function wholeAccountOf(planned: PlannedNamespace): Account {
  const { lineCount } = planned.source;
  return {
    ...accountOf(planned),
    ...(planned.kind === "view" ? {} : { loaded: lineCount, digested: lineCount }),
    equal: true,
  };
}
