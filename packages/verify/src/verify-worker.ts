import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { checkArchiveFile, type CheckTask } from "./check-archive-file.ts";

const progress = new ProgressCounters(poolData<SharedArrayBuffer>());

/** Checks one file in a worker thread. */
const run: (task: CheckTask) => Promise<WorkerOutcome<void>> = workerTask<CheckTask, void>((task) =>
  checkArchiveFile(task, (bytes) => progress.add(0, bytes), progress),
);

export default run;
