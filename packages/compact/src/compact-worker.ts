import type { WrittenLines } from "@firebreak/items";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import { compactNamespace, type NamespaceTask } from "./compact-namespace.ts";

const counters = new ProgressCounters(poolData<SharedArrayBuffer>());

/** Compacts one namespace in a worker thread. */
const run: (task: NamespaceTask) => Promise<WorkerOutcome<WrittenLines>> = workerTask((task: NamespaceTask) =>
  compactNamespace(task, counters),
);

export default run;
