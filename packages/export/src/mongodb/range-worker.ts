import { connectMongodb, withRetry, type MongodbSource } from "@firebreak/mongodb";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import type { FinishedRange } from "../export-progress.ts";
import { writeRange, type RangeTask } from "./write-range.ts";

/** The data that each worker thread gets at its start. */
export interface RangeWorkerData {
  readonly url: string;
  readonly counters: SharedArrayBuffer;
}

const { url, counters } = poolData<RangeWorkerData>();
const progress = new ProgressCounters(counters);
let source: Promise<MongodbSource> | undefined;

/** Each thread opens its own connection when its first range comes, so no range waits for another. */
const run: (task: RangeTask) => Promise<WorkerOutcome<FinishedRange[]>> = workerTask(
  async (task: RangeTask) => {
    const { giveUpAfterMs } = task;
    const onWaiting = (isWaiting: boolean): void => progress.wait(isWaiting);
    source ??= withRetry({ giveUpAfterMs, onWaiting }, () => connectMongodb(url));
    return [await writeRange(await source, task, progress, progress)];
  },
);

export default run;
