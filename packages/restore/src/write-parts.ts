import { createHash, hash } from "node:crypto";
import { TableDigest, type PartEntry } from "@firebreak/archive";
import {
  insertDocuments,
  readDocuments,
  restoreZeroTimestamps,
  zeroTimestampsOf,
  type LedgerPart,
  type MongodbSource,
  type OpenArchive,
  type ZeroTimestamps,
} from "@firebreak/mongodb";
import { LineDecoder } from "@firebreak/archive";
import { restoreFault } from "./restore-faults.ts";

/**
 * A message may have 48,000,000 bytes and 100,000 documents; flat memory asks for
 * less. One document may come on top, of 16 MiB.
 */
const BATCH_BYTES = 4 << 20;
const BATCH_DOCUMENTS = 10_000;

/** Parts to be written one after the other, as they go to a worker thread. */
export interface WriteTask extends OpenArchive {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly storedIn: string;
  readonly parts: readonly PartEntry[];
  /** Whether documents must lie in the order of their lines: then all parts of the collection are in one task. */
  readonly isOrdered: boolean;
  /** Whether documents may be in already, from a run that was cut off. */
  readonly isAgain: boolean;
  /** Buckets of time-series collections are looked at by the server: what is none would make the collection unreadable. */
  readonly isValidated: boolean;
}

/**
 * Writes the documents of parts into a collection that is the restore's own.
 *
 * A document that is in already is left: nobody but an earlier run of this
 * restore can have put it there, and the proof reads every document back. While
 * one batch is on its way the next is decoded.
 *
 * @param count is told of documents and their bytes as they are acknowledged.
 * @throws {FirebreakError} `documents-refused`, or what archive and mongodb throw.
 */
export async function writeParts(
  target: MongodbSource,
  task: WriteTask,
  count: (documents: number, bytes: number) => void,
): Promise<LedgerPart[]> {
  const written: LedgerPart[] = [];
  const order = task.isOrdered ? createHash("sha256") : undefined;
  const batches = [new Batch(), new Batch()];
  let batch = batches[0]!;
  let sending: Promise<void> = Promise.resolve();

  for (const part of task.parts) {
    const digest = new TableDigest();
    const send = async (): Promise<void> => {
      await sending;
      const full = batch;
      sending = sendBatch(target, task, part, full).then(() => {
        count(full.documentCount, full.decoder.out.at);
        full.clear();
      });
      // A failure is met at the next await; until then Node must not take it for an unhandled one.
      sending.catch(() => undefined);
      batch = batches.find((b) => b !== full)!;
    };
    await readDocuments(
      task,
      part,
      () => batch.decoder,
      ({ start, end, isSuspect }) => {
        const document = batch.decoder.out.bytes.subarray(start, end);
        digest.add(hash("sha256", document, "buffer"));
        order?.update(document);
        return batch.add(document, isSuspect) ? send() : undefined;
      },
    );
    if (batch.documentCount > 0) await send();
    await sending;
    written.push({
      collection: task.collection,
      file: part.file,
      plainSha256: part.plainSha256,
      digest: digest.toPlain(),
      ...(order === undefined ? {} : { orderSha256: order.copy().digest("hex") }),
    });
  }
  return written;
}

/** Documents on their way into one message. */
class Batch {
  readonly decoder = new LineDecoder();
  documentCount = 0;
  zeroTimestamps: ZeroTimestamps[] = [];

  /** Takes the document last decoded; true when the batch is full. */
  add(document: Buffer, isSuspect: boolean): boolean {
    this.documentCount++;
    const zeros = isSuspect ? zeroTimestampsOf(document) : undefined;
    if (zeros !== undefined) this.zeroTimestamps.push(zeros);
    return this.decoder.out.at >= BATCH_BYTES || this.documentCount >= BATCH_DOCUMENTS;
  }

  clear(): void {
    this.decoder.out.clear();
    this.documentCount = 0;
    this.zeroTimestamps = [];
  }
}

async function sendBatch(
  target: MongodbSource,
  task: WriteTask,
  part: PartEntry,
  batch: Batch,
): Promise<void> {
  const outcome = await insertDocuments(target, task, batch.decoder.out.written(), task);
  const expectedCount = outcome.insertedCount + (task.isAgain ? outcome.duplicateCount : 0);
  if (expectedCount !== batch.documentCount)
    throw restoreFault("documents-refused", {
      namespace: task.namespace,
      part: part.file,
      count: batch.documentCount - expectedCount,
      reason: outcome.reason,
    });
  if (batch.zeroTimestamps.length > 0) await restoreZeroTimestamps(target, task, batch.zeroTimestamps);
}
