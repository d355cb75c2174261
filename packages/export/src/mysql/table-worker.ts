import { mysqlTarget, RowReader } from "@firebreak/mysql";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { exportFault } from "../export-faults.ts";
import type { FinishedRange } from "../export-progress.ts";
import { Gate } from "../parts/gate.ts";
import { lossOf } from "./snapshot-loss.ts";
import { writeRows, type RowTask } from "./write-rows.ts";
import { exportReason } from "../export-reasons.ts";

/** The data that each worker thread gets at its start. */
export interface TableWorkerData {
  readonly url: string;
  readonly counters: SharedArrayBuffer;
  readonly gate: SharedArrayBuffer;
}

/** A task: begin the thread's snapshot, or read in it. */
export type TableTask = "begin" | RowTask;

const { url, counters, gate } = poolData<TableWorkerData>();
const progress = new ProgressCounters(counters);
const target = mysqlTarget(url);
let reader: RowReader | undefined;

/**
 * Each thread has one snapshot. It begins while the source is locked, and is kept to the end: another
 * connection would see other rows.
 */
const run: (task: TableTask) => Promise<WorkerOutcome<FinishedRange[]>> = workerTask(
  async (task: TableTask) => {
    if (task === "begin") {
      reader = await RowReader.open(target);
      // A thread takes one task at a time: when all wait here, each has begun its own snapshot.
      await new Gate(gate).pass();
      return [];
    }
    if (reader === undefined)
      throw exportFault("snapshot-lost", {
        server: target.server,
        namespace: task.namespace,
        reason: exportReason("thread-ended"),
      });
    try {
      return [await writeRows(reader, task, progress)];
    } catch (error) {
      throw lossOf(error, target.server, task.namespace);
    }
  },
);

export default run;
