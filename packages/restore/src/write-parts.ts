import { createHash } from "node:crypto";
import { sha256BytesOf, type PartEntry } from "@firebreak/archive";
import { TableDigest } from "@firebreak/items";
import {
  DocumentBatch,
  DUPLICATE_KEY,
  inBatches,
  insertDocuments,
  type InsertError,
  type LedgerPart,
  mongodbReason,
  type MongodbSource,
  type OpenArchive,
  restoreZeroTimestamps,
} from "@firebreak/mongodb";
import { restoreFault } from "./restore-faults.ts";

/** Parts to write one after the other, in the form that goes to a worker thread. */
export interface WriteTask extends OpenArchive {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly storedIn: string;
  readonly parts: readonly PartEntry[];
  /** True if documents must be stored in the order of their lines. Then one task has all parts. */
  readonly isOrdered: boolean;
  /**
   * True for buckets of time-series collections: the server checks them, because a wrong one would make the
   * collection unreadable.
   */
  readonly isValidated: boolean;
}

/**
 * Writes the documents of parts into a collection that belongs to the restore.
 *
 * If a document's `_id` exists already, that document stays: an earlier run of this restore put it there, or
 * the archive has the `_id` twice. The proof reads every document back and finds out which.
 *
 * @param count called with the numbers of documents and bytes as they are acknowledged.
 * @throws {FirebreakError} `documents-refused`, or an error of archive or mongodb.
 */
export async function writeParts(
  target: MongodbSource,
  task: WriteTask,
  count: (documents: number, bytes: number) => void,
): Promise<LedgerPart[]> {
  const written: LedgerPart[] = [];
  const order = task.isOrdered ? createHash("sha256") : undefined;
  const batches = [new DocumentBatch(), new DocumentBatch()] as const;
  for (const part of task.parts) {
    const digest = new TableDigest();
    let [movedIds, madeIds] = [0, 0];
    await inBatches(task, part, batches, {
      isInStoredForm: true,
      take: (document) => digest.add(sha256BytesOf(document)),
      send: async (batch) => {
        movedIds += batch.movedIds;
        madeIds += batch.madeIds;
        const repeated = await sendBatch(target, task, part, batch);
        if (order !== undefined)
          for (let i = 0; i < batch.documentCount; i++)
            if (!repeated.has(i)) order.update(batch.bytes(i, i + 1));
        count(batch.documentCount, batch.bytes().length);
      },
    });
    written.push({
      collection: task.collection,
      file: part.file,
      plainSha256: part.plainSha256,
      digest: digest.toPlain(),
      ...(movedIds === 0 ? {} : { movedIds }),
      ...(madeIds === 0 ? {} : { madeIds }),
      ...(order === undefined ? {} : { orderSha256: order.copy().digest("hex") }),
    });
  }
  return written;
}

/** @returns the indexes in the batch of documents whose `_id` existed before, if inserted in order. */
async function sendBatch(
  target: MongodbSource,
  task: WriteTask,
  part: PartEntry,
  batch: DocumentBatch,
): Promise<ReadonlySet<number>> {
  const repeated = new Set<number>();
  let inCount = 0;
  let refusal: InsertError | undefined;
  for (let from = 0; from < batch.documentCount;) {
    const { insertedCount, errors } = await insertDocuments(target, task, batch.bytes(from), task);
    const duplicates = errors.filter((e) => e.code === DUPLICATE_KEY);
    inCount += insertedCount + duplicates.length;
    refusal ??= errors.find((e) => e.code !== DUPLICATE_KEY);
    const [stopped] = duplicates;
    if (!task.isOrdered || stopped === undefined) break;
    // An insert in order ends at the first error.
    repeated.add(from + stopped.index);
    from += stopped.index + 1;
  }
  if (inCount !== batch.documentCount)
    throw restoreFault("documents-refused", {
      namespace: task.namespace,
      part: part.file,
      count: batch.documentCount - inCount,
      reason: refusal?.message ?? mongodbReason("no-words"),
    });
  if (batch.zeroTimestamps.size > 0)
    await restoreZeroTimestamps(target, task, [...batch.zeroTimestamps.values()]);
  return repeated;
}
