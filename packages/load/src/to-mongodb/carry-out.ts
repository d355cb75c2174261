import { join } from "node:path";
import { eachPart, LOAD_QUARANTINE, type StepEvent, type TablePart } from "@firebreak/archive";
import {
  buildIndexes,
  expires,
  findDifferences,
  listPlaces,
  proveCollections,
  refusedLines,
  unlikeDefinition,
  writeLoadedPart,
  writeLoadState,
  type LoadedPart,
  type MongodbSource,
  type ProveTask,
  type ToProve,
} from "@firebreak/mongodb";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { QuarantineLimit } from "../quarantine-limit.ts";
import { accountsOf, type LoadedWork } from "./account.ts";
import {
  countsOf,
  refusedOf,
  type CollectionWork,
  type DonePart,
  type PlannedCollection,
} from "./collection-plan.ts";
import type { LoadDocumentsOptions } from "./load-documents.ts";
import type { LoadSetting, PartOutcome } from "./load-part.ts";
import type { LoadWorkerData, Work, WorkResult } from "./load-worker.ts";
import { prepareCollections, uniqueIndexes } from "./prepare-collections.ts";
import { replayParts } from "./replay.ts";

/** A load that may begin. */
export interface LoadRun {
  readonly options: LoadDocumentsOptions;
  readonly target: MongodbSource;
  readonly setting: LoadSetting;
  readonly work: readonly CollectionWork[];
  /** Throws when the lock on the target is lost: nothing more may be written then. */
  readonly assertHeld: () => void;
}

/** The parts of each collection that are in. */
export type Done = Map<PlannedCollection, DonePart[]>;

interface Threads {
  readonly pool: WorkerPool<Work, WorkResult>;
  readonly counters: ProgressCounters;
}

type Proofs = Map<PlannedCollection, NonNullable<LoadedWork["proof"]>>;

/** Carries a load out from where the target is: documents, proof, indexes, account. */
export async function* carryOut(run: LoadRun): AsyncGenerator<StepEvent> {
  const { options, target, setting, work, assertHeld } = run;
  const done: Done = new Map(work.map((w) => [w.planned, [...w.done]]));
  const proofs: Proofs = new Map();
  const refused = QuarantineLimit.counter(refusedOf(work));
  const limit = new QuarantineLimit(options.maxQuarantine, refused);
  yield* replayParts(run, limit, done);
  await prepareCollections(target, work, assertHeld);
  const counters = new ProgressCounters();
  const workerData: LoadWorkerData = {
    url: options.url,
    counters: counters.buffer,
    setting,
    maxQuarantine: options.maxQuarantine,
    refused,
  };
  const pool = new WorkerPool<Work, WorkResult>(
    new URL("./load-worker.js", import.meta.url),
    options.jobs,
    workerData,
  );
  try {
    yield* loadParts(run, done, { pool, counters });
    yield* prove(run, done, proofs, { pool, counters });
  } finally {
    await pool.close();
  }
  const sound = work.map((w) => w.planned).filter((p) => proofs.get(p)!.isEqual);
  assertHeld();
  for await (const event of buildIndexes(target, sound, options.jobs)) {
    assertHeld();
    yield event;
  }
  yield* compareDefinitions(target, sound, proofs);
  const after = work.map(({ planned }): LoadedWork => ({
    planned,
    done: done.get(planned)!,
    proof: proofs.get(planned)!,
  }));
  const count = refusedOf(after);
  if (count > 0) {
    const folder = join(setting.work, LOAD_QUARANTINE);
    yield { kind: "note", code: "documents-quarantined", fields: { count, folder } };
  }
  yield { kind: "account", accounts: accountsOf(setting.manifests.made, after) };
}

/** Parts that are loaded one after the other. */
interface Chain {
  readonly work: CollectionWork;
  readonly parts: readonly TablePart[];
}

/** Of documents with one value under a unique index the first in the archive goes in: there order counts. */
function chainsOf(work: CollectionWork): Chain[] {
  const { planned, todo } = work;
  if (todo.length === 0) return [];
  return uniqueIndexes(planned).length > 0
    ? [{ work, parts: todo }]
    : todo.map((part) => ({ work, parts: [part] }));
}

async function* loadParts(run: LoadRun, done: Done, { pool, counters }: Threads): AsyncGenerator<StepEvent> {
  const { options, target, work, assertHeld } = run;
  const before = [...done.values()].flat().reduce((sum, { part }) => sum + part.lineCount, 0);
  const todo = work.flatMap((w) => w.todo).reduce((sum, part) => sum + part.lineCount, 0);
  const notes: StepEvent[] = [];
  const load = async ({ work: { planned, state }, parts }: Chain): Promise<void> => {
    const { namespace, database, collection, source } = planned;
    const place = { namespace, database, collection, sourceNamespace: source.namespace };
    for (const part of parts) {
      const task = { ...place, part, isAgain: state !== undefined };
      const result = await pool.run({ kind: "load", task });
      if (result.kind !== "load") throw new Error("a worker answered another question");
      assertHeld();
      const ledger = ledgerPart(collection, part, result.outcome);
      await writeLoadedPart(target, database, ledger);
      done.get(planned)!.push({ part, ledger });
      notes.push(...refusedNotes(namespace, part, result.outcome));
    }
  };
  for await (const _ of eachPart(work.flatMap(chainsOf), options.jobs, load)) {
    assertHeld();
    yield* notes.splice(0);
    const { items, bytes } = counters;
    yield { kind: "progress", stage: "load", items: before + items, bytes, totalItems: before + todo };
  }
}

function ledgerPart(collection: string, part: TablePart, { digest, quarantine }: PartOutcome): LoadedPart {
  const { file, plainSha256 } = part;
  return { collection, file, plainSha256, digest, ...(quarantine === undefined ? {} : { quarantine }) };
}

/** Says of one part which documents of it the target refused, and why. */
export function refusedNotes(
  namespace: string,
  part: TablePart,
  { named, quarantine }: Pick<PartOutcome, "named" | "quarantine">,
): StepEvent[] {
  if (quarantine === undefined) return [];
  const documents = named.map(({ line, errno, message, fields }) => ({ line, errno, message, fields }));
  const fields = { namespace, part: part.file, count: quarantine.lineCount, documents };
  return [{ kind: "note", code: "documents-not-taken", fields }];
}

interface LoadToProve extends ToProve {
  readonly planned: PlannedCollection;
}

/** What an earlier run proved, and preflight counted, is believed. */
async function* prove(
  run: LoadRun,
  done: Done,
  proofs: Proofs,
  { pool }: Threads,
): AsyncGenerator<StepEvent> {
  const { options, target, setting, work, assertHeld } = run;
  const unproved: LoadToProve[] = [];
  for (const { planned, state, todo } of work) {
    const { digest, refused } = countsOf(done.get(planned)!);
    if (state === "proved" && todo.length === 0 && !run.options.isReplay) {
      proofs.set(planned, { digested: digest.rowCount, isEqual: true });
      continue;
    }
    const { namespace, database, source } = planned;
    const documentCount = source.digest.rowCount - refused;
    unproved.push({ namespace, database, planned, expected: { digest, documentCount } });
  }
  const ask = async (task: ProveTask) => {
    const result = await pool.run({ kind: "prove", task });
    if (result.kind !== "prove") throw new Error("a worker answered another question");
    return result.range;
  };
  for await (const event of proveCollections(target, unproved, options.jobs, ask)) {
    assertHeld();
    if (event.kind !== "proof") {
      yield event;
      continue;
    }
    const { proved, found, isEqual } = event.proof;
    const { planned, expected } = proved;
    const { namespace, database, collection, contentSha256, source } = planned;
    proofs.set(planned, { digested: found.rowCount, isEqual });
    const state = isEqual ? "proved" : "differs";
    await writeLoadState(target, database, { collection, contentSha256, state });
    if (isEqual) continue;
    const ledgers = done.get(planned)!.map((d) => d.ledger);
    const { lines } = await refusedLines(setting.work, ledgers, setting.identities);
    const named = await findDifferences({
      archive: { archive: setting.folder, identities: setting.identities },
      parts: source.parts,
      target,
      namespace: { namespace, database, storedIn: collection },
      setAside: lines,
    });
    const fields = { namespace, expected: expected.digest.rowCount, found: found.rowCount, ...named };
    yield { kind: "note", code: "loaded-documents-differ", fields };
  }
}

/** What somebody made of a collection while it was loaded. */
async function* compareDefinitions(
  target: MongodbSource,
  collections: readonly PlannedCollection[],
  proofs: Proofs,
): AsyncGenerator<StepEvent> {
  const existing = await listPlaces(target, collections);
  const expiring = collections.filter(expires).map((p) => p.namespace);
  if (expiring.length > 0) yield { kind: "note", code: "restore-expiry", fields: { namespaces: expiring } };
  for (const planned of collections) {
    const { namespace } = planned;
    const found = existing.get(namespace);
    const unlike =
      found === undefined
        ? [{ what: "missing", expected: planned.kind, found: "" }]
        : unlikeDefinition(planned, found).flatMap((u) => {
            switch (u.what) {
              case "index-extra":
                return [];
              case "index-missing":
                return [{ what: "index", expected: u.expected, found: "" }];
              default:
                return [{ what: u.what, expected: u.expected, found: u.found }];
            }
          });
    for (const difference of unlike)
      yield { kind: "note", code: "definition-differs", fields: { namespace, ...difference } };
    if (unlike.length > 0) proofs.set(planned, { ...proofs.get(planned)!, isEqual: false });
  }
}
