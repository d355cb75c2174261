import type { WrittenLines } from "@firebreak/archive";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { compactNamespace, type NamespaceTask } from "./compact-namespace.ts";

const counters = new ProgressCounters(poolData<SharedArrayBuffer>());

/** What a worker thread does with one namespace. */
const run: (task: NamespaceTask) => Promise<WorkerOutcome<WrittenLines>> = workerTask((task: NamespaceTask) =>
  compactNamespace(task, counters),
);

export default run;
