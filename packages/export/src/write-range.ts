import { LineWriter } from "@firebreak/archive";
import { readRange, type KeyRange, type MongodbSource } from "@firebreak/mongodb";
import type { FinishedRange } from "./export-progress.ts";
import { PartSequence } from "./part-sequence.ts";

/** One key range to read and write, as it goes to a worker thread. */
export interface RangeTask {
  readonly archive: string;
  readonly recipients: readonly string[];
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly directory: string;
  readonly range: KeyRange;
  readonly averageBytes: number;
  readonly partBytes: number;
}

/**
 * Writes one key range as sealed parts, named after the range's number. A range
 * that outgrows `partBytes` goes on in a part named `NUMBER-001` and so on,
 * so that the borders of parts follow from the content and the plan alone.
 *
 * @param count is told of documents and BSON bytes as they are read.
 */
export async function writeRange(
  source: MongodbSource,
  task: RangeTask,
  count: (documents: number, bytes: number) => void,
): Promise<FinishedRange> {
  const { archive, recipients, partBytes, namespace, range } = task;
  const fileOf = (sequence: number): string => partFile(task, sequence);
  const parts = new PartSequence({ archive, recipients, partBytes, fileOf }, new LineWriter());
  try {
    for await (const documents of readRange(source, task, range, task.averageBytes)) {
      await parts.write(documents);
      count(documents.length, bytesOf(documents));
    }
    return { namespace, index: range.index, ...(await parts.finish()) };
  } catch (error) {
    await parts.abandon();
    throw error;
  }
}

/** How much BSON documents are. */
export function bytesOf(documents: readonly Buffer[]): number {
  return documents.reduce((sum, document) => sum + document.length, 0);
}

function partFile(task: RangeTask, sequence: number): string {
  const number = String(task.range.index).padStart(5, "0");
  const suffix = sequence === 0 ? "" : `-${String(sequence).padStart(3, "0")}`;
  return `${task.directory}/${number}${suffix}.ndjson.zst`;
}
