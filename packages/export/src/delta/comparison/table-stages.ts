import { RowReader, sourceDigest, type FoundTable, type MysqlTarget } from "@firebreak/mysql";
import type { StageWork } from "@firebreak/workers";
import { exportFault } from "../../export-faults.ts";
import { exportReason } from "../../export-reasons.ts";
import type { FinishedRange } from "../../export-progress.ts";
import { writeRows, type RowTask } from "../../mysql/write-rows.ts";
import { compareTableRange, type ComparedRange, type TableRange } from "./table-range.ts";

/** The stages of a comparison with MySQL. Each thread has one snapshot, which begins first. */
export interface TableStages {
  readonly begin: { readonly task: undefined; readonly result: void };
  readonly range: { readonly task: TableRange; readonly result: ComparedRange };
  readonly digest: { readonly task: FoundTable; readonly result: Awaited<ReturnType<typeof sourceDigest>> };
  readonly rows: { readonly task: RowTask; readonly result: FinishedRange };
}

/** The work of a thread, and the connection that it holds. */
export interface TableWork {
  readonly work: StageWork<TableStages>;
  readonly close: () => Promise<void>;
}

/** Returns the work of one thread. @param begun is awaited when the snapshot has begun. */
export function tableWork(target: MysqlTarget, begun: () => Promise<void>): TableWork {
  let reader: RowReader | undefined;
  const readerFor = (namespace: string): RowReader => {
    if (reader !== undefined) return reader;
    const reason = exportReason("thread-ended");
    throw exportFault("snapshot-lost", { server: target.server, namespace, reason });
  };
  return {
    work: {
      begin: async () => {
        reader = await RowReader.open(target);
        await begun();
      },
      range: (task, progress) => compareTableRange(readerFor(task.found.namespace), task, progress),
      digest: (found) => sourceDigest(readerFor(found.namespace).session, found, { index: 0 }),
      rows: (task, progress) => writeRows(readerFor(task.namespace), task, progress),
    },
    close: async () => reader?.close(),
  };
}
