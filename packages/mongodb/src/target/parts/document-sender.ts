import { deleteDocuments } from "../writing/delete-documents.ts";
import { DUPLICATE_KEY, insertDocuments, type InsertError } from "../writing/write-documents.ts";
import { isOfDocument, documentsRefusal } from "../writing/refusal-codes.ts";
import { failureOf } from "../../driver/mongodb-faults.ts";
import { restoreZeroTimestamps } from "../writing/zero-timestamps.ts";
import { storedDocuments } from "../../stored/stored-documents.ts";
import type { DocumentBatch } from "../writing/document-batches.ts";
import type { MongodbSource } from "../../driver/connect.ts";

/** The server's code for a document that is too large. */
const TOO_LARGE = 10334;

/** The destination of documents. */
export interface Destination {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
}

/** The reason why a document was refused; `index` is its position in the batch, from 0. */
export interface Refusal {
  readonly index: number;
  readonly errno: number;
  readonly message: string;
  readonly fields: readonly string[];
}

/**
 * Inserts batches of documents into a collection, and reports those that the server refuses. If documents may
 * be in already, one with the same `_id` and the same bytes counts as loaded. One with other bytes is never
 * overwritten, and the new one is refused. A delta does overwrite: its documents are newer.
 */
export class DocumentSender {
  readonly #target: MongodbSource;
  readonly #place: { readonly namespace: string; readonly database: string; readonly storedIn: string };
  readonly #maxDocumentBytes: number;
  readonly #how: { readonly isAgain: boolean; readonly isReplacing: boolean };

  /** @param how `isAgain` is true if documents may be in already, from a run that was cut off. */
  constructor(
    target: MongodbSource,
    { namespace, database, collection }: Destination,
    maxDocumentBytes: number,
    how: { readonly isAgain: boolean; readonly isReplacing: boolean },
  ) {
    this.#target = target;
    this.#place = { namespace, database, storedIn: collection };
    this.#maxDocumentBytes = maxDocumentBytes;
    this.#how = how;
  }

  /**
   * @returns the refused documents in their order.
   * @throws {FirebreakError} for an error that no document caused.
   */
  async send(batch: DocumentBatch): Promise<Refusal[]> {
    const refused: Refusal[] = [];
    let from = 0;
    for (let index = 0; index < batch.documentCount; index++) {
      const { length } = batch.bytes(index, index + 1);
      if (length <= this.#maxDocumentBytes) continue;
      // A message with it may be longer than the server accepts, which would close the connection.
      if (from < index) refused.push(...(await this.#insert(batch, from, index, this.#how.isAgain)));
      const message = `the document has ${length} bytes, and the server takes ${this.#maxDocumentBytes}`;
      refused.push({ index, errno: TOO_LARGE, message, fields: [] });
      from = index + 1;
    }
    if (from < batch.documentCount)
      refused.push(...(await this.#insert(batch, from, batch.documentCount, this.#how.isAgain)));
    const left = this.#how.isReplacing ? await this.#replace(batch, refused) : refused;
    return left.sort((a, b) => a.index - b.index);
  }

  /** Replaces documents in the collection that have exactly the `_id` of refused ones. */
  async #replace(batch: DocumentBatch, refused: readonly Refusal[]): Promise<Refusal[]> {
    const [taken = [], others = []] = [true, false].map((isTaken) =>
      refused.filter((r) => (r.errno === DUPLICATE_KEY) === isTaken),
    );
    const keys = taken.map(({ index }) => batch.bytes(index, index + 1));
    if (keys.length === 0 || (await deleteDocuments(this.#target, this.#place, keys)) === 0)
      return [...refused];
    const again: Refusal[] = [];
    for (const { index } of taken) again.push(...(await this.#insert(batch, index, index + 1, true)));
    return [...others, ...again];
  }

  /** Inserts documents, and bisects those that are refused together until the ones to blame are known. */
  async #insert(batch: DocumentBatch, from: number, to: number, isAgain: boolean): Promise<Refusal[]> {
    const options = { isOrdered: false, isValidated: true };
    let errors: readonly InsertError[];
    try {
      ({ errors } = await insertDocuments(this.#target, this.#place, batch.bytes(from, to), options));
    } catch (error) {
      const reason = documentsRefusal(error);
      if (reason === undefined) throw error;
      if (to - from === 1) return [{ index: from, errno: reason.code, message: reason.message, fields: [] }];
      const middle = from + ((to - from) >> 1);
      return [
        ...(await this.#insert(batch, from, middle, true)),
        ...(await this.#insert(batch, middle, to, true)),
      ];
    }
    for (const { code, message } of errors)
      if (!isOfDocument(code))
        throw failureOf(this.#target.server, this.#place.namespace, { code, reason: message });
    const stored = isAgain ? await this.#stored(batch, from, errors) : new Set<number>();
    const refused = errors
      .filter((e) => !stored.has(from + e.index))
      .map(({ index, code, message, fields }): Refusal => ({
        index: from + index,
        errno: code,
        message: message === "" ? "the server gave no reason" : message,
        fields,
      }));
    await this.#setTimestampsBack(batch, from, to, new Set(refused.map((r) => r.index)));
    return refused;
  }

  /** Returns the indexes of the documents that are in already. */
  async #stored(batch: DocumentBatch, from: number, errors: readonly InsertError[]): Promise<Set<number>> {
    const asked = errors
      .filter((e) => e.code === DUPLICATE_KEY)
      .map(({ index }) => ({
        index: from + index,
        document: batch.bytes(from + index, from + index + 1),
        zeroTimestamps: batch.zeroTimestamps.get(from + index),
      }));
    if (asked.length === 0) return new Set();
    return new Set([...(await storedDocuments(this.#target, this.#place, asked))].map((a) => a.index));
  }

  async #setTimestampsBack(
    batch: DocumentBatch,
    from: number,
    to: number,
    refused: ReadonlySet<number>,
  ): Promise<void> {
    const changed = [...batch.zeroTimestamps]
      .filter(([index]) => index >= from && index < to && !refused.has(index))
      .map(([, zeros]) => zeros);
    if (changed.length > 0) await restoreZeroTimestamps(this.#target, this.#place, changed);
  }
}
