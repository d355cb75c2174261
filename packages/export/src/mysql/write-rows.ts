import type { RowReader, RowSelect } from "@firebreak/mysql";
import type { ProgressCounters } from "@firebreak/workers";
import type { FinishedRange } from "../export-progress.ts";
import { rowLines } from "../parts/item-lines.ts";
import { PartSequence, rangeFile } from "@firebreak/items";

/** One range of a table to read and write, as it goes to a worker thread. */
export interface RowTask {
  readonly archive: string;
  readonly recipients: readonly string[];
  readonly namespace: string;
  readonly directory: string;
  /** The number of the range. */
  readonly index: number;
  readonly sql: string;
  readonly select: Pick<RowSelect, "columns" | "provedColumns" | "jsonColumns">;
  readonly partBytes: number;
}

/** Writes a range of rows as sealed parts, named like those of documents. */
export async function writeRows(
  reader: RowReader,
  task: RowTask,
  counters: Pick<ProgressCounters, "add">,
): Promise<FinishedRange> {
  const { archive, recipients, partBytes, namespace, index } = task;
  const fileOf = (sequence: number): string => rangeFile(task.directory, index, sequence);
  const parts = new PartSequence({ archive, recipients, partBytes, fileOf }, rowLines(task.select.columns));
  try {
    const untold = new Map<string, number>();
    for await (const { rows, bytes, untold: columns } of reader.read(task.sql, task.select)) {
      await parts.write(rows);
      for (const column of columns) untold.set(column, (untold.get(column) ?? 0) + 1);
      counters.add(rows.length, bytes);
    }
    const written = await parts.finish();
    return { namespace, index, ...written, ...(untold.size === 0 ? {} : { untold: [...untold] }) };
  } catch (error) {
    await parts.abandon();
    throw error;
  }
}
