import {
  Retry,
  readRange,
  type ClusterTime,
  type KeyRange,
  type MongodbSource,
  type RetrySettings,
} from "@firebreak/mongodb";
import type { HugeTurn } from "@firebreak/archive";
import type { ProgressCounters } from "@firebreak/workers";
import type { FinishedRange } from "../export-progress.ts";
import { documentLines } from "../parts/item-lines.ts";
import { PartSequence, rangeFile } from "@firebreak/items";

/** One key range to read and write, as it goes to a worker thread. */
export interface RangeTask {
  readonly archive: string;
  readonly recipients: readonly string[];
  readonly namespace: string;
  readonly database: string;
  readonly storedIn: string;
  readonly after: ClusterTime | undefined;
  readonly directory: string;
  readonly range: KeyRange;
  readonly averageBytes: number;
  readonly giveUpAfterMs: number;
  readonly partBytes: number;
}

/**
 * Writes one key range as sealed parts, named after the range's number. If a range outgrows `partBytes`, it
 * continues in a part named `NUMBER-001` and so on, so only the content and the plan decide where parts end.
 *
 * @param counters count the documents and BSON bytes that were read, and show when a server is awaited.
 * @param hugeTurn is shared by the threads that write ranges at the same time.
 */
export async function writeRange(
  source: MongodbSource,
  task: RangeTask,
  counters: Pick<ProgressCounters, "add" | "wait">,
  hugeTurn?: HugeTurn,
): Promise<FinishedRange> {
  const settings = {
    giveUpAfterMs: task.giveUpAfterMs,
    onWaiting: (isWaiting: boolean) => counters.wait(isWaiting),
  };
  // In natural order a range that breaks off starts again: the parts are the same, sealed or not.
  const retry = new Retry(settings);
  let furthest = 0;
  const read = (documents: number, count: number, bytes: number): void => {
    counters.add(count, bytes);
    if (documents <= furthest) return;
    furthest = documents;
    retry.succeeded();
  };
  for (;;)
    try {
      const written = await writeOnce(source, task, settings, read, hugeTurn);
      retry.succeeded();
      return written;
    } catch (error) {
      if (task.range.order !== "natural") throw error;
      await retry.waitAfter(error);
    }
}

async function writeOnce(
  source: MongodbSource,
  task: RangeTask,
  retry: RetrySettings,
  read: (documents: number, count: number, bytes: number) => void,
  hugeTurn: HugeTurn | undefined,
): Promise<FinishedRange> {
  const { archive, recipients, partBytes, namespace, range } = task;
  const fileOf = (sequence: number): string => rangeFile(task.directory, range.index, sequence);
  let documentCount = 0;
  const parts = new PartSequence({ archive, recipients, partBytes, fileOf, hugeTurn }, documentLines());
  try {
    for await (const documents of readRange(source, task, range, task.averageBytes, retry)) {
      await parts.write(documents);
      documentCount += documents.length;
      read(documentCount, documents.length, bytesOf(documents));
    }
    return { namespace, index: range.index, ...(await parts.finish()) };
  } catch (error) {
    await parts.abandon();
    throw error;
  }
}

/** Returns the total size of BSON documents in bytes. */
export function bytesOf(documents: readonly Buffer[]): number {
  return documents.reduce((sum, document) => sum + document.length, 0);
}
