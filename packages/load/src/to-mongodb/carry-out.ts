import { join } from "node:path";
import { accountEvent, eachPart, killPoint, LOAD_QUARANTINE, type TablePart } from "@firebreak/archive";
import {
  buildIndexes,
  writeLoadedPart,
  type LoadedPart,
  type MongodbSource,
  type ProvedRange,
  type ProveTask,
} from "@firebreak/mongodb";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { QuarantineLimit } from "../quarantine-limit.ts";
import type { LoadEvent } from "../load-notes.ts";
import { accountsOf, type LoadedWork } from "./account.ts";
import { beginCollections } from "./begin-collections.ts";
import { refusedOf, type CollectionWork, type DonePart, type PlannedCollection } from "./collection-plan.ts";
import { definitionNotes } from "./definition-notes.ts";
import { deleteSuperseded } from "./delete-superseded.ts";
import { endLoad } from "./end-load.ts";
import type { LoadDocumentsOptions } from "./load-documents.ts";
import type { LoadSetting, PartOutcome } from "./load-part.ts";
import type { LoadWorkerData, Work, WorkResult } from "./load-worker.ts";
import { prepareCollections, uniqueIndexes } from "./prepare-collections.ts";
import { proveDocuments, type Proofs } from "./prove-documents.ts";
import { replayParts } from "./replay.ts";
import { beginLink, type TargetChain } from "./target-chain.ts";

/** A load that may begin. */
export interface LoadRun {
  readonly options: LoadDocumentsOptions;
  readonly target: MongodbSource;
  readonly setting: LoadSetting;
  readonly work: readonly CollectionWork[];
  readonly chain: TargetChain;
  /** Throws if the lock on the target is lost: nothing more may be written then. */
  readonly assertHeld: () => void;
}

/** The parts of each collection that are in. */
export type Done = Map<PlannedCollection, DonePart[]>;

/** The threads that work on parts, and their counters. */
export interface Threads {
  readonly pool: WorkerPool<Work, WorkResult>;
  readonly counters: ProgressCounters;
}

/** Carries out a load from the target's state on: documents, proof, indexes, account. */
export async function* carryOut(run: LoadRun): AsyncGenerator<LoadEvent> {
  const { options, target, setting, chain, assertHeld } = run;
  const isDelta = chain.place.base !== undefined;
  const done: Done = new Map(run.work.map((w) => [w.planned, [...w.earlier, ...w.done]]));
  const proofs: Proofs = new Map();
  const refused = QuarantineLimit.counter(refusedOf(run.work));
  const limit = new QuarantineLimit(options.maxQuarantine, refused);
  yield* replayParts(run, limit, done);
  await beginLink(target, chain, assertHeld);
  killPoint("link-begun");
  const work = isDelta ? await beginCollections(target, run.work, options.isReplay, assertHeld) : run.work;
  const whole = work.filter((w) => !isDelta || w.planned.source.change === "whole");
  await prepareCollections(target, whole, assertHeld);
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
    if (isDelta) yield* deleteSuperseded(run, work, done, { pool, counters });
    yield* loadParts(run, work, done, { pool, counters });
    const ask = async (task: ProveTask): Promise<ProvedRange> => {
      const result = await pool.run({ kind: "prove", task });
      if (result.kind !== "prove") throw new Error("a worker answered another question");
      return result.range;
    };
    yield* proveDocuments(run, work, done, proofs, ask);
  } finally {
    await pool.close();
  }
  const sound = work.map((w) => w.planned).filter((p) => proofs.get(p)!.isEqual);
  assertHeld();
  for await (const event of buildIndexes(target, sound, options.jobs)) {
    assertHeld();
    yield event;
  }
  yield* definitionNotes(target, sound, proofs);
  killPoint("collections-proved");
  await endLoad(run, work, proofs);
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
  yield accountEvent(accountsOf(setting.manifests, after), setting.manifests.made);
}

/** Parts that are loaded one after the other. */
interface Chain {
  readonly work: CollectionWork;
  readonly parts: readonly TablePart[];
}

/**
 * With a unique index, the first document in the archive that has a value is the one to load. There the parts
 * are loaded in order.
 */
function chainsOf(work: CollectionWork): Chain[] {
  const { planned, todo } = work;
  if (todo.length === 0) return [];
  return uniqueIndexes(planned).length > 0
    ? [{ work, parts: todo }]
    : todo.map((part) => ({ work, parts: [part] }));
}

async function* loadParts(
  { options, target, assertHeld }: LoadRun,
  work: readonly CollectionWork[],
  done: Done,
  { pool, counters }: Threads,
): AsyncGenerator<LoadEvent> {
  const before =
    work.flatMap((w) => w.done).reduce((sum, { part }) => sum + part.lineCount, 0) - counters.items;
  const todo = work.flatMap((w) => w.todo).reduce((sum, part) => sum + part.lineCount, 0);
  const notes: LoadEvent[] = [];
  const load = async ({ work: { planned, state }, parts }: Chain): Promise<void> => {
    const { namespace, database, collection, source } = planned;
    const isReplacing = planned.link !== undefined;
    const place = { namespace, database, collection, sourceNamespace: source.namespace, isReplacing };
    for (const part of parts) {
      const task = { ...place, part, isAgain: state !== undefined };
      const result = await pool.run({ kind: "load", task });
      if (result.kind !== "load") throw new Error("a worker answered another question");
      assertHeld();
      killPoint("documents-inserted");
      const ledger = ledgerPart(planned, part, result.outcome);
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

function ledgerPart(
  { collection, link }: PlannedCollection,
  { file, plainSha256 }: TablePart,
  { digest, quarantine }: PartOutcome,
): LoadedPart {
  const place = { collection, ...(link === undefined ? {} : { link }), file };
  return { ...place, plainSha256, digest, ...(quarantine === undefined ? {} : { quarantine }) };
}

/** Notes which documents of one part the target refused, and why. */
export function refusedNotes(
  namespace: string,
  part: Pick<TablePart, "file">,
  { named, quarantine }: Pick<PartOutcome, "named" | "quarantine">,
): LoadEvent[] {
  if (quarantine === undefined) return [];
  const documents = named.map(({ line, errno, message, fields }) => ({ line, errno, message, fields }));
  const fields = { namespace, part: part.file, count: quarantine.lineCount, documents };
  return [{ kind: "note", code: "documents-not-taken", fields }];
}
