import { connectMongodb, type MongodbSource } from "../driver/connect.ts";
import { DocumentBatch } from "./writing/document-batches.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";
import { proveRange, type ProvedRange, type ProveTask } from "../stored/prove-collections.ts";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { QuarantineLimit } from "@firebreak/target";
import { deleteKeys, type DeleteTask } from "./parts/delete-keys.ts";
import { loadPart, type LoadSetting, type LoadTask, type PartOutcome } from "./parts/load-part.ts";

/** The data that each worker thread gets at its start. */
export interface LoadWorkerData {
  readonly url: string;
  readonly counters: SharedArrayBuffer;
  readonly setting: LoadSetting;
  readonly maxQuarantine: number;
  /** The counter of the `QuarantineLimit` that all threads share. */
  readonly refused: SharedArrayBuffer;
}

/** The kinds of work that are spread over threads. */
export type Work =
  | { readonly kind: "delete"; readonly task: DeleteTask }
  | { readonly kind: "load"; readonly task: LoadTask }
  | { readonly kind: "prove"; readonly task: ProveTask };

export type WorkResult =
  | { readonly kind: "delete" }
  | { readonly kind: "load"; readonly outcome: PartOutcome }
  | { readonly kind: "prove"; readonly range: ProvedRange };

const { url, counters, setting, maxQuarantine, refused } = poolData<LoadWorkerData>();
const progress = new ProgressCounters(counters);
const withTurn: LoadSetting = { ...setting, hugeTurn: progress };
const limit = new QuarantineLimit(maxQuarantine, refused);
const count = (documents: number, bytes: number): void => progress.add(documents, bytes);
const batches = [new DocumentBatch(), new DocumentBatch()] as const;
let target: Promise<MongodbSource> | undefined;

/** Each thread opens its own connection when its first task comes. */
const run: (work: Work) => Promise<WorkerOutcome<WorkResult>> = workerTask(
  async (work: Work): Promise<WorkResult> => {
    target ??= connectMongodb(url);
    const { server } = await target;
    try {
      switch (work.kind) {
        case "delete":
          await deleteKeys(await target, setting, work.task, batches, count);
          return { kind: "delete" };
        case "load":
          return {
            kind: "load",
            outcome: await loadPart(await target, { ...withTurn, limit, batches }, work.task, count),
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
