import type { DocumentBatch } from "./document-batches.ts";
import { fieldOf } from "../../driver/bson-map.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import { failureOf } from "../../driver/mongodb-faults.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import { storedDocuments } from "../../stored/stored-documents.ts";
import { insertDocuments, runWrite } from "./write-documents.ts";
import { restoreZeroTimestamps } from "./zero-timestamps.ts";

/**
 * Puts documents in the place of those with the same `_id`, as the server compares them. A document that is
 * already there, byte for byte, is left alone.
 *
 * If the process is killed in between, both the old and the new document may be missing. A second call
 * inserts them.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function putDocuments(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  batch: DocumentBatch,
): Promise<void> {
  const asked = Array.from({ length: batch.documentCount }, (_, i) => ({
    document: batch.bytes(i, i + 1),
    zeroTimestamps: batch.zeroTimestamps.get(i),
  }));
  const stored = await storedDocuments(target, ns, asked);
  const missing = asked.filter((one) => !stored.has(one));
  if (missing.length > 0) {
    const deletes = missing.map(({ document }) => ({
      q: { _id: { $eq: fieldOf(document, "_id") } },
      limit: 1,
    }));
    await runWrite(target, ns, { delete: ns.storedIn, deletes, ordered: false });
    const documents = Buffer.concat(missing.map(({ document }) => document));
    const inserting = { isOrdered: false, isValidated: false };
    const { errors } = await insertDocuments(target, ns, documents, inserting);
    const [error] = errors;
    if (error !== undefined)
      throw failureOf(target.server, ns.namespace, { code: error.code, reason: error.message });
  }
  const zeros = asked.flatMap(({ zeroTimestamps }) => zeroTimestamps ?? []);
  if (zeros.length > 0) await restoreZeroTimestamps(target, ns, zeros);
}
