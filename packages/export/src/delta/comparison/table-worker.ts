import { mysqlTarget, RowReader, sourceDigest, type FoundTable } from "@firebreak/mysql";
import { stageData, stageTask } from "@firebreak/workers";
import { exportFault } from "../../export-faults.ts";
import { exportReason } from "../../export-reasons.ts";
import type { FinishedRange } from "../../export-progress.ts";
import { Gate } from "../../parts/gate.ts";
import { writeRows, type RowTask } from "../../mysql/write-rows.ts";
import { compareTableRange, type ComparedRange, type TableRange } from "./table-range.ts";

/** The data that each worker thread gets at its start. */
export interface ComparisonData {
  readonly url: string;
  readonly gate: SharedArrayBuffer;
}

/** The stages of a comparison with MySQL. Each thread has one snapshot, which begins first. */
export interface TableStages {
  readonly begin: { readonly task: undefined; readonly result: void };
  readonly range: { readonly task: TableRange; readonly result: ComparedRange };
  readonly digest: { readonly task: FoundTable; readonly result: Awaited<ReturnType<typeof sourceDigest>> };
  readonly rows: { readonly task: RowTask; readonly result: FinishedRange };
}

const { url, gate } = stageData<ComparisonData>();
const target = mysqlTarget(url);
let reader: RowReader | undefined;

function readerFor(namespace: string): RowReader {
  if (reader !== undefined) return reader;
  const reason = exportReason("thread-ended");
  throw exportFault("snapshot-lost", { server: target.server, namespace, reason });
}

const run: ReturnType<typeof stageTask<TableStages>> = stageTask<TableStages>({
  begin: async () => {
    reader = await RowReader.open(target);
    // A thread takes one task at a time: when all wait here, each has begun its own snapshot.
    await new Gate(gate).pass();
  },
  range: (task, progress) => compareTableRange(readerFor(task.found.namespace), task, progress),
  digest: (found) => sourceDigest(readerFor(found.namespace).session, found, { index: 0 }),
  rows: (task, progress) => writeRows(readerFor(task.namespace), task, progress),
});

export default run;
