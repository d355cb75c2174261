import { collectAfter, collectGarbage, LineDecoder, type PartEntry } from "@firebreak/archive";
import { readDocuments, type OpenArchive } from "../../source/read-documents.ts";
import { putInStoredForm, type LinePlace } from "../../stored/stored-form.ts";
import { zeroTimestampsOf, type ZeroTimestamps } from "./zero-timestamps.ts";

/**
 * A message may have 48,000,000 bytes and 100,000 documents. The limits here are lower to keep memory flat.
 * One document of up to 16 MiB may come on top.
 */
const BATCH_BYTES = 1 << 20;
const BATCH_DOCUMENTS = 10_000;
/** The size from which nothing is read during a send: the driver holds two more copies of the batch. */
const LARGE_BYTES = 4 << 20;

/** Documents that go into one message. */
export class DocumentBatch {
  readonly decoder: LineDecoder = new LineDecoder();
  readonly #ends: number[] = [];
  /** The documents that an insert changes, by index. */
  readonly zeroTimestamps: Map<number, ZeroTimestamps> = new Map();

  /** Documents whose `_id` was moved to the front, and documents that had none. */
  movedIds = 0;
  madeIds = 0;

  get documentCount(): number {
    return this.#ends.length;
  }

  get isFull(): boolean {
    return this.decoder.out.at >= BATCH_BYTES || this.documentCount >= BATCH_DOCUMENTS;
  }

  /**
   * Adds the document that was decoded last, and returns its bytes.
   *
   * @param place its place in the archive, if it is to be put into the form in which a server stores it.
   */
  add(isSuspect: boolean, place?: LinePlace): Buffer {
    const { out } = this.decoder;
    const change = place === undefined ? undefined : putInStoredForm(out, this.#ends.at(-1) ?? 0, place);
    if (change === "id-moved") this.movedIds++;
    if (change === "id-made") this.madeIds++;
    this.#ends.push(out.at);
    const index = this.documentCount - 1;
    const document = this.bytes(index, index + 1);
    const zeros = isSuspect ? zeroTimestampsOf(document) : undefined;
    if (zeros !== undefined) this.zeroTimestamps.set(index, zeros);
    return document;
  }

  /** Returns the bytes of the documents from `from` to before `to`, valid until the batch changes. */
  bytes(from = 0, to: number = this.documentCount): Buffer {
    const start = from === 0 ? 0 : this.#ends[from - 1]!;
    return this.decoder.out.bytes.subarray(start, to === 0 ? 0 : this.#ends[to - 1]!);
  }

  clear(): void {
    this.decoder.out.clear();
    this.#ends.length = 0;
    this.zeroTimestamps.clear();
    this.movedIds = 0;
    this.madeIds = 0;
  }
}

/** The work to do with the documents of a part. */
export interface BatchWork {
  /** True if documents are put into the form in which a server stores them. */
  readonly isInStoredForm?: boolean;
  /** Called with each document as it is decoded. */
  readonly take: (document: Buffer) => void;
  /** Sends a batch. `firstLine` is the line of its first document, from 1. */
  readonly send: (batch: DocumentBatch, firstLine: number) => Promise<void>;
}

/**
 * Reads a part and sends its documents in batches, one after the other.
 *
 * While one batch is being sent, the next is decoded, unless the first is large. When this ends, with or
 * without an error, no batch is being sent any more.
 *
 * @param batches two empty batches. Their memory may be used again for the next part.
 * @throws {FirebreakError} the errors of `readDocuments` and of `send`.
 */
export async function inBatches(
  archive: OpenArchive,
  part: PartEntry,
  batches: readonly [DocumentBatch, DocumentBatch],
  { isInStoredForm = false, take, send }: BatchWork,
): Promise<void> {
  let batch = batches[0];
  let firstLine = 1;
  let sending: Promise<void> = Promise.resolve();
  const sendFull = async (): Promise<void> => {
    await sending;
    const full = batch;
    const { documentCount } = full;
    const isLarge = full.decoder.out.at >= LARGE_BYTES;
    sending = send(full, firstLine).finally(() => full.clear());
    // The next await meets a failure. Until then Node must not treat it as unhandled.
    sending.catch(() => undefined);
    firstLine += documentCount;
    batch = full === batches[0] ? batches[1] : batches[0];
    if (!isLarge) return;
    await sending;
    collectGarbage();
  };
  try {
    await readDocuments(
      archive,
      part,
      () => batch.decoder,
      ({ isSuspect }) => {
        const place = isInStoredForm ? { part, line: firstLine + batch.documentCount } : undefined;
        take(batch.add(isSuspect, place));
        return batch.isFull ? sendFull() : undefined;
      },
    );
    if (batch.documentCount > 0) await sendFull();
    await sending;
  } finally {
    await sending.catch(() => undefined);
    batch.clear();
    collectAfter([part]);
  }
}
