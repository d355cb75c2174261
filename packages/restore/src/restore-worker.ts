import {
  connectMongodb,
  explainMongodb,
  proveRange,
  type LedgerPart,
  type MongodbSource,
  type ProvedRange,
  type ProveTask,
} from "@firebreak/mongodb";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { writeParts, type WriteTask } from "./write-parts.ts";

/** The data that each worker thread gets at its start. */
export interface RestoreWorkerData {
  readonly url: string;
  readonly counters: SharedArrayBuffer;
}

/** One of the two kinds of work that worker threads do. */
export type RestoreTask =
  | { readonly kind: "write"; readonly task: WriteTask }
  | { readonly kind: "prove"; readonly task: ProveTask };

export type RestoreResult =
  | { readonly kind: "write"; readonly parts: readonly LedgerPart[] }
  | { readonly kind: "prove"; readonly range: ProvedRange };

const { url, counters } = poolData<RestoreWorkerData>();
const progress = new ProgressCounters(counters);
const count = (documents: number, bytes: number): void => progress.add(documents, bytes);
let target: Promise<MongodbSource> | undefined;

/** Runs a task. Each thread makes its own connection when its first task comes. */
const run: (work: RestoreTask) => Promise<WorkerOutcome<RestoreResult>> = workerTask(
  async (work: RestoreTask): Promise<RestoreResult> => {
    target ??= connectMongodb(url);
    const { server } = await target;
    try {
      switch (work.kind) {
        case "write":
          return {
            kind: "write",
            parts: await writeParts(await target, { ...work.task, hugeTurn: progress }, count),
          };
        case "prove":
          return { kind: "prove", range: await proveRange(await target, work.task, count) };
      }
    } catch (error) {
      // Only faults keep their kind on the way to the main thread.
      throw explainMongodb(error, server, work.task.namespace);
    }
  },
);

export default run;
