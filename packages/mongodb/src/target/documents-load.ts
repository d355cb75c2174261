import { join } from "node:path";
import { killPoint, LOAD_QUARANTINE, sha256Of } from "@firebreak/archive";
import { type LoadOutcome, type LoadPlan, type LoadStage, QuarantineLimit } from "@firebreak/target";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { mapOf } from "../driver/bson-map.ts";
import { lineText } from "../driver/namespaces.ts";
import type { ProvedRange, ProveTask } from "../stored/prove-collections.ts";
import { accountsOf, type LoadedWork } from "./account.ts";
import { type CollectionWork, refusedOf } from "./collection-plan.ts";
import { beginCollections } from "./collections/begin-collections.ts";
import { buildIndexes } from "./collections/build-indexes.ts";
import { createUniqueIndexes, prepareCollections } from "./collections/prepare-collections.ts";
import type { ProvedCollection } from "./ledger/ledger-entry.ts";
import { writeLoadState } from "./ledger/load-ledger.ts";
import { beginLink, endLink } from "./ledger/target-chain.ts";
import type { Done, LoadRun, Threads } from "./load-run.ts";
import type { LoadWorkerData, Work, WorkResult } from "./load-worker.ts";
import type { ToMongodbEvent, ToMongodbNotes } from "./mongodb-load-notes.ts";
import { deleteStage } from "./parts/delete-superseded.ts";
import { insertStage } from "./parts/insert-stage.ts";
import { definitionNotes, type Proofs, proveDocuments } from "./proof/prove-documents.ts";
import { replayStage } from "./quarantine/replay-stage.ts";

/**
 * Loads documents into MongoDB from the target's state on, and reads everything back. If it is killed and run
 * again, a part without an entry in the ledger is compared by `_id`, and only missing documents are inserted.
 */
export class DocumentsLoad implements LoadPlan<ToMongodbNotes> {
  readonly notes: readonly ToMongodbEvent[];
  readonly #run: LoadRun;
  readonly #isDelta: boolean;
  readonly #done: Done;
  readonly #proofs: Proofs = new Map();
  /** The counter that all threads share. */
  readonly #refused: SharedArrayBuffer;
  #work: readonly CollectionWork[];
  #threads: Threads | undefined;

  constructor(run: LoadRun, notes: readonly ToMongodbEvent[]) {
    this.notes = notes;
    this.#run = run;
    this.#isDelta = run.chain.place.base !== undefined;
    this.#work = run.work;
    this.#done = new Map(run.work.map((w) => [w.planned, [...w.earlier, ...w.done]]));
    this.#refused = QuarantineLimit.counter(refusedOf(run.work));
  }

  outlook(): ToMongodbEvent[] {
    const parts = this.#work.reduce((sum, w) => sum + w.done.length, 0);
    return parts > 0 ? [{ kind: "note", code: "load-resumed", fields: { parts } }] : [];
  }

  async *stages(): AsyncGenerator<LoadStage<ToMongodbNotes>> {
    const { target, chain, options, assertHeld } = this.#run;
    const limit = new QuarantineLimit(options.maxQuarantine, this.#refused);
    const replay = await replayStage(this.#run, limit, this.#done);
    if (replay.parts.length > 0) yield replay;
    await beginLink(target, chain, assertHeld);
    killPoint("link-begun");
    if (this.#isDelta) this.#work = await beginCollections(target, this.#work, options.isReplay, assertHeld);
    const whole = this.#work.filter((w) => !this.#isDelta || w.planned.source.change === "whole");
    await prepareCollections(target, whole, assertHeld);
    const threads = this.#openThreads();
    if (this.#isDelta) {
      const changed = this.#work.filter((w) => w.planned.source.change === "changed");
      yield await deleteStage(this.#run, changed, this.#done, threads);
      for (const { planned } of changed) {
        assertHeld();
        await createUniqueIndexes(target, planned);
      }
    }
    yield insertStage(this.#run, this.#work, this.#done, threads);
  }

  async *prove(): AsyncGenerator<ToMongodbEvent> {
    const ask = async (task: ProveTask): Promise<ProvedRange> => {
      const result = await this.#threads!.pool.run({ kind: "prove", task });
      if (result.kind !== "prove") throw new Error("a worker answered another question");
      return result.range;
    };
    yield* proveDocuments(this.#run, this.#work, this.#done, this.#proofs, ask);
    await this.close();
  }

  async *finish(): AsyncGenerator<ToMongodbEvent> {
    const { target, options } = this.#run;
    const sound = this.#work.map((w) => w.planned).filter((p) => this.#proofs.get(p)!.isEqual);
    yield* buildIndexes(target, sound, options.jobs);
    yield* definitionNotes(target, sound, this.#proofs);
    killPoint("collections-proved");
  }

  async end(): Promise<void> {
    await endLoad(this.#run, this.#work, this.#proofs);
  }

  async outcome(): Promise<LoadOutcome<ToMongodbNotes>> {
    const { work, manifests } = this.#run.setting;
    const after = this.#run.options.isDryRun
      ? this.#work
      : this.#work.map(({ planned }): LoadedWork => ({
          planned,
          done: this.#done.get(planned)!,
          proof: this.#proofs.get(planned)!,
        }));
    const count = refusedOf(after);
    const fields = { count, folder: join(work, LOAD_QUARANTINE) };
    return {
      notes: count > 0 ? [{ kind: "note", code: "documents-quarantined", fields }] : [],
      accounts: accountsOf(manifests, after),
    };
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#threads?.pool.close();
    this.#threads = undefined;
  }

  #openThreads(): Threads {
    const { options, setting } = this.#run;
    const counters = new ProgressCounters();
    const workerData: LoadWorkerData = {
      url: options.url,
      counters: counters.buffer,
      setting,
      maxQuarantine: options.maxQuarantine,
      refused: this.#refused,
    };
    const worker = new URL("./load-worker.js", import.meta.url);
    this.#threads = { pool: new WorkerPool<Work, WorkResult>(worker, options.jobs, workerData), counters };
    return this.#threads;
  }
}

/** Records the facts that later deltas need, if everything is proved. */
async function endLoad(
  { target, chain, assertHeld }: LoadRun,
  work: readonly CollectionWork[],
  proofs: Proofs,
): Promise<void> {
  if (!work.every(({ planned }) => proofs.get(planned)!.isEqual)) return;
  for (const { planned, head } of work) {
    const { database, collection, contentSha256, chain: ofChain, options, indexes } = planned;
    const proved: ProvedCollection = {
      documentCount: proofs.get(planned)!.digested,
      optionsSha256: sha256Of(lineText(options)),
      indexes: indexes.map((index) => String(mapOf(index).get("name"))),
    };
    const isNoted =
      head?.contentSha256 === contentSha256 &&
      head.chain === ofChain &&
      JSON.stringify(head.proved) === JSON.stringify(proved);
    if (isNoted) continue;
    assertHeld();
    const state = { collection, contentSha256, chain: ofChain, state: "proved", proved } as const;
    await writeLoadState(target, database, state);
  }
  await endLink(target, chain, assertHeld);
}
