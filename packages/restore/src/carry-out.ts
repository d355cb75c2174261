import { addDigests, eachPart, EMPTY_DIGEST, type Account, type StepEvent } from "@firebreak/archive";
import {
  addToLedger,
  buildIndexes,
  collectionSize,
  compareDefinitions,
  expires,
  findDifferences,
  proveCollections,
  writeLedgerState,
  type LedgerPart,
  type MongodbSource,
  type OpenArchive,
  type Proof,
  type ProveTask,
  type ToProve,
} from "@firebreak/mongodb";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { PlannedWork, TargetState } from "./preflight.ts";
import { createViews, prepareCollections } from "./prepare-collections.ts";
import { accountOf, allOf, type PlannedNamespace, type RestorePlan } from "./restore-plan.ts";
import { storedOtherwise } from "./stored-otherwise.ts";
import type { RestoreOptions } from "./restore.ts";
import type { RestoreResult, RestoreTask, RestoreWorkerData } from "./restore-worker.ts";
import type { WriteTask } from "./write-parts.ts";

/** The parts of each collection that are in. */
type Written = Map<PlannedNamespace, LedgerPart[]>;

interface RestoreToProve extends ToProve {
  readonly planned: PlannedNamespace;
}
type RestoreProof = Proof<RestoreToProve>;

interface Threads {
  readonly pool: WorkerPool<RestoreTask, RestoreResult>;
  readonly counters: ProgressCounters;
}

/**
 * Carries a plan out from where the target is: documents, proof, indexes, views,
 * comparison of definitions.
 *
 * @param assertHeld throws when the target is no longer ours to write to.
 * @returns whether all of it is as the archive says; the account is among the events.
 */
export async function* carryOut(
  options: RestoreOptions,
  target: MongodbSource,
  plan: RestorePlan,
  state: TargetState,
  assertHeld: () => void,
): AsyncGenerator<StepEvent, boolean> {
  yield* prepareCollections(target, state.work, assertHeld);
  const written: Written = new Map(state.work.map((w) => [w.planned, [...w.done]]));
  const counters = new ProgressCounters();
  const workerData: RestoreWorkerData = { url: options.url, counters: counters.buffer };
  const threads: Threads = {
    pool: new WorkerPool(new URL("./restore-worker.js", import.meta.url), options.jobs, workerData),
    counters,
  };
  const proofs = new Map<PlannedNamespace, RestoreProof>();
  try {
    yield* writeDocuments(options, target, state, written, threads, assertHeld);
    yield* storedOtherwise(written);
    yield* proveDocuments(options, target, state, written, threads, proofs, assertHeld);
  } finally {
    await threads.pool.close();
  }
  const differing = new Set([...proofs.values()].filter((p) => !p.isEqual).map((p) => p.proved.planned));
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
    const loaded = written
      .get(planned)!
      .map((p) => p.digest)
      .reduce(addDigests, EMPTY_DIGEST).rowCount;
    const digested = proofs.get(planned)?.found.rowCount ?? loaded;
    return { ...accountOf(planned), loaded, digested, equal: isEqual };
  });
  yield { kind: "account", accounts };
  return accounts.every((a) => a.equal === true);
}

async function* writeDocuments(
  options: RestoreOptions,
  target: MongodbSource,
  state: TargetState,
  written: Written,
  { pool, counters }: Threads,
  assertHeld: () => void,
): AsyncGenerator<StepEvent> {
  const units = state.work.flatMap((w) => writeTasks(options, w));
  const before = [...written.values()].flat().reduce((n, p) => n + p.digest.rowCount, 0);
  const totalItems = before + units.flatMap((u) => u.task.parts).reduce((n, p) => n + p.lineCount, 0);
  const write = async ({ planned, task }: Unit): Promise<void> => {
    const result = await pool.run({ kind: "write", task });
    if (result.kind !== "write") return;
    for (const part of result.parts) await addToLedger(target, planned.database, part);
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

/** A task for each part that is not in; one for all of them where they must follow each other or must not be cut off. */
function writeTasks(
  { archive, identities }: OpenArchive,
  { planned, done, state, isStartedAgain }: PlannedWork,
): Unit[] {
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
      isAgain: state !== undefined && !isStartedAgain,
      isValidated: kind === "timeseries",
    },
  }));
}

async function* proveDocuments(
  options: RestoreOptions,
  target: MongodbSource,
  state: TargetState,
  written: Written,
  { pool }: Threads,
  proofs: Map<PlannedNamespace, RestoreProof>,
  assertHeld: () => void,
): AsyncGenerator<StepEvent> {
  const unproved: RestoreToProve[] = [];
  for (const work of state.work)
    if (await isUnproved(target, work)) unproved.push(toProve(work.planned, written.get(work.planned)!));
  const run = async (task: ProveTask) => {
    const result = await pool.run({ kind: "prove", task });
    if (result.kind !== "prove") throw new Error("a worker answered another question");
    return result.range;
  };
  for await (const event of proveCollections(target, unproved, options.jobs, run)) {
    assertHeld();
    if (event.kind !== "proof") {
      yield event;
      continue;
    }
    const { proof } = event;
    const { isEqual, found } = proof;
    const { planned, expected } = proof.proved;
    proofs.set(planned, proof);
    await writeLedgerState(
      target,
      planned.database,
      planned.collection,
      planned.source.namespace,
      isEqual ? "proved" : "differs",
    );
    if (!isEqual)
      yield {
        kind: "note",
        code: "documents-differ",
        fields: {
          namespace: planned.namespace,
          expected: expected.digest.rowCount,
          found: found.rowCount,
          ...(await findDifferences({
            archive: options,
            parts: planned.source.parts,
            target,
            namespace: planned,
          })),
        },
      };
  }
}

function toProve(planned: PlannedNamespace, parts: readonly LedgerPart[]): RestoreToProve {
  const last = planned.source.parts.at(-1)?.file;
  return {
    namespace: planned.namespace,
    database: planned.database,
    planned,
    expected: {
      digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
      documentCount: planned.source.lineCount,
      orderSha256: parts.find((p) => p.file === last)?.orderSha256,
    },
  };
}

async function* indexProved(
  { jobs }: RestoreOptions,
  target: MongodbSource,
  proved: readonly PlannedNamespace[],
  assertHeld: () => void,
): AsyncGenerator<StepEvent> {
  const namespaces = proved.filter(expires).map((p) => p.namespace);
  if (namespaces.length > 0) yield { kind: "note", code: "restore-expiry", fields: { namespaces } };
  for await (const event of buildIndexes(target, proved, jobs)) {
    assertHeld();
    yield event;
  }
}

/** What an earlier run proved is believed, unless its count is another: where the server may delete documents, that is no wonder. */
async function isUnproved(target: MongodbSource, { planned, state, done }: PlannedWork): Promise<boolean> {
  if (planned.kind === "view") return false;
  if (state !== "proved" || done.length < planned.source.parts.length) return true;
  if (expires(planned)) return false;
  const expected = done.reduce((count, part) => count + part.digest.rowCount, 0);
  return (await collectionSize(target, planned)).documentCount !== expected;
}
