import { EMPTY_DIGEST } from "@firebreak/items";
import type { PartEntry } from "@firebreak/archive";
import { deleteDocuments } from "../writing/delete-documents.ts";
import { inBatches, type DocumentBatch } from "../writing/document-batches.ts";
import type { LoadedPart } from "../ledger/ledger-entry.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { PlannedCollection } from "../collection-plan.ts";
import type { Destination } from "./document-sender.ts";
import type { LoadSetting } from "./load-part.ts";

/** A part of keys, as it goes to a worker thread. */
export interface DeleteTask extends Destination {
  readonly part: PartEntry;
}

/**
 * Deletes the documents whose keys a part has. A repeated run finds them already deleted. The caller writes
 * to the ledger when all are deleted, and inserts no document before that.
 *
 * @param count is called with the keys and their bytes when their documents are deleted.
 * @throws {FirebreakError} of mongodb or archive.
 */
export async function deleteKeys(
  target: MongodbSource,
  { folder, identities }: LoadSetting,
  { namespace, database, collection, part }: DeleteTask,
  batches: readonly [DocumentBatch, DocumentBatch],
  count: (keys: number, bytes: number) => void,
): Promise<void> {
  const ns = { namespace, database, storedIn: collection };
  await inBatches({ archive: folder, identities }, part, batches, {
    take: () => undefined,
    send: async (batch) => {
      const { documentCount } = batch;
      const keys = Array.from({ length: documentCount }, (_, i) => batch.bytes(i, i + 1));
      await deleteDocuments(target, ns, keys);
      count(documentCount, batch.bytes().length);
    },
  });
}

/** Returns the ledger entry for a part of keys whose documents are deleted. */
export function deletedPart(
  { collection, link }: PlannedCollection,
  { file, plainSha256 }: PartEntry,
): LoadedPart {
  return { collection, ...(link === undefined ? {} : { link }), file, plainSha256, digest: EMPTY_DIGEST };
}
