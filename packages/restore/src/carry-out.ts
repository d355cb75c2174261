import { type Account, eachPart, killPoint } from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST } from "@firebreak/items";
import {
  addToLedger,
  buildIndexes,
  compareDefinitions,
  expires,
  type LedgerPart,
  type MongodbSource,
  type OpenArchive,
  type ProveTask,
} from "@firebreak/mongodb";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { PlannedWork, TargetState } from "./preflight.ts";
import { createViews, prepareCollections } from "./prepare-collections.ts";
import { proveDocuments, type RestoreProofs } from "./prove-documents.ts";
import type { RestoreEvent } from "./restore-notes.ts";
import type { RestoreRun } from "./restore-options.ts";
import { accountOf, allOf, type PlannedNamespace, type RestorePlan } from "./restore-plan.ts";
import type { RestoreResult, RestoreTask, RestoreWorkerData } from "./restore-worker.ts";
import type { WriteTask } from "./write-parts.ts";

/** The parts of each collection that are in. */
type Written = Map<PlannedNamespace, LedgerPart[]>;

interface Threads {
  readonly pool: WorkerPool<RestoreTask, RestoreResult>;
  readonly counters: ProgressCounters;
}

/**
 * Carries out a plan from the target's current state: documents, proof, indexes, views, comparison of
 * definitions.
 *
 * @param assertHeld throws if the target is no longer ours to write to.
 * @returns true if everything is as the archive says. The account is among the events.
 */
export async function* carryOut(
  options: RestoreRun,
  target: MongodbSource,
  plan: RestorePlan,
  state: TargetState,
  assertHeld: () => void,
): AsyncGenerator<RestoreEvent, boolean> {
  yield* prepareCollections(target, state.work, assertHeld);
  const written: Written = new Map(state.work.map((w) => [w.planned, [...w.done]]));
  const counters = new ProgressCounters();
  const workerData: RestoreWorkerData = { url: options.url, counters: counters.buffer };
  const threads: Threads = {
    pool: new WorkerPool(new URL("./restore-worker.js", import.meta.url), options.jobs, workerData),
    counters,
  };
  const proofs: RestoreProofs = new Map();
  try {
    yield* writeDocuments(options, target, { work: state.work, written, ...threads, assertHeld });
    yield* storedOtherwise(written);
    const prove = (task: ProveTask): Promise<RestoreResult> => threads.pool.run({ kind: "prove", task });
    yield* proveDocuments(options, target, { work: state.work, written, prove, assertHeld }, proofs);
  } finally {
    await threads.pool.close();
  }
  const differing = new Set([...proofs].filter(([, p]) => !p.isEqual).map(([planned]) => planned));
  assertHeld();
  yield* indexProved(
    options,
    target,
    plan.collections.filter((p) => !differing.has(p)),
    assertHeld,
  );
  await createViews(target, state.work, assertHeld);
  const definitions = (await compareDefinitions(target, allOf(plan))).filter(
    (d) => ![...differing].some((p) => p.namespace === d.namespace),
  );
  for (const difference of definitions)
    yield { kind: "note", code: "definition-differs", fields: { ...difference } };
  const unlike = new Set(definitions.map((d) => d.namespace));
  const accounts = allOf(plan).map((planned): Account => {
    const isEqual = !differing.has(planned) && !unlike.has(planned.namespace);
    if (planned.kind === "view") return { ...accountOf(planned), equal: isEqual };
    const proof = proofs.get(planned);
    const refused = proof?.setAside?.digest.rowCount ?? 0;
    const digests = written.get(planned)!.map((p) => p.digest);
    const loaded = digests.reduce(addDigests, EMPTY_DIGEST).rowCount - refused;
    const digested = proof?.foundCount ?? loaded;
    return { ...accountOf(planned), loaded, ...(refused === 0 ? {} : { refused }), digested, equal: isEqual };
  });
  yield { kind: "account", accounts };
  return accounts.every((a) => a.equal === true);
}

interface Writing extends Threads {
  readonly work: TargetState["work"];
  /** Gets the parts as they are written. */
  readonly written: Written;
  readonly assertHeld: () => void;
}

async function* writeDocuments(
  options: RestoreRun,
  target: MongodbSource,
  { work, written, pool, counters, assertHeld }: Writing,
): AsyncGenerator<RestoreEvent> {
  const units = work.flatMap((w) => writeTasks(options, w));
  const before = [...written.values()].flat().reduce((n, p) => n + p.digest.rowCount, 0);
  const totalItems = before + units.flatMap((u) => u.task.parts).reduce((n, p) => n + p.lineCount, 0);
  const write = async ({ planned, task }: Unit): Promise<void> => {
    const result = await pool.run({ kind: "write", task });
    if (result.kind !== "write") return;
    for (const part of result.parts) await addToLedger(target, planned.database, part);
    killPoint("part-restored");
    written.get(planned)!.push(...result.parts);
  };
  for await (const _ of eachPart(units, options.jobs, write)) {
    assertHeld();
    const items = before + counters.items;
    yield { kind: "progress", stage: "restore", items, bytes: counters.bytes, totalItems };
  }
}

interface Unit {
  readonly planned: PlannedNamespace;
  readonly task: WriteTask;
}

/**
 * Makes a task for each part that is not in, or one task for all if the parts must stay in order or must be
 * written in one go.
 */
function writeTasks({ archive, identities }: OpenArchive, { planned, done }: PlannedWork): Unit[] {
  const known = new Set(done.map((p) => p.file));
  const todo = planned.source.parts.filter((p) => !known.has(p.file));
  const { namespace, database, collection, storedIn, kind, isOrdered, isKeyed } = planned;
  const groups = isKeyed ? todo.map((part) => [part]) : todo.length > 0 ? [todo] : [];
  return groups.map((parts) => ({
    planned,
    task: {
      archive,
      identities,
      namespace,
      database,
      collection,
      storedIn,
      parts,
      isOrdered,
      isValidated: kind === "timeseries",
    },
  }));
}

async function* indexProved(
  { jobs }: RestoreRun,
  target: MongodbSource,
  proved: readonly PlannedNamespace[],
  assertHeld: () => void,
): AsyncGenerator<RestoreEvent> {
  const namespaces = proved.filter(expires).map((p) => p.namespace);
  if (namespaces.length > 0) yield { kind: "note", code: "restore-expiry", fields: { namespaces } };
  for await (const event of buildIndexes(target, proved, jobs)) {
    assertHeld();
    yield event;
  }
}

/** Reports once for each collection how the server changes its documents when it stores them. */
function* storedOtherwise(
  written: Iterable<readonly [{ readonly namespace: string }, readonly LedgerPart[]]>,
): Generator<RestoreEvent> {
  for (const [{ namespace }, parts] of written) {
    const sum = (count: "movedIds" | "madeIds"): number =>
      parts.reduce((n, part) => n + (part[count] ?? 0), 0);
    const [moved, made] = [sum("movedIds"), sum("madeIds")];
    if (moved + made > 0)
      yield { kind: "note", code: "stored-otherwise", fields: { namespace, moved, made } };
  }
}
