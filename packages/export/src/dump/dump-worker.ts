import type { NamespaceFilter } from "@firebreak/archive";
import { openDump, type Dump } from "@firebreak/mongodump";
import { poolData, ProgressCounters, workerTask, type WorkerOutcome } from "@firebreak/workers";
import type { FinishedRange } from "../export-progress.ts";
import { writeDump, type DumpTask } from "./write-dump.ts";

/** The data that each worker thread gets at its start. */
export interface DumpWorkerData {
  readonly path: string;
  readonly filter: NamespaceFilter;
  readonly counters: SharedArrayBuffer;
}

const { path, filter, counters } = poolData<DumpWorkerData>();
const progress = new ProgressCounters(counters);
let dump: Promise<Dump> | undefined;

const run: (task: DumpTask) => Promise<WorkerOutcome<FinishedRange[]>> = workerTask(
  async (task: DumpTask) => {
    dump ??= openDump(path, filter);
    return writeDump(await dump, task, (documents, bytes) => progress.add(documents, bytes));
  },
);

export default run;
