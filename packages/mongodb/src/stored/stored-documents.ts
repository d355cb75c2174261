import type { MongodbSource } from "../driver/connect.ts";
import { idGroups, idOf } from "../driver/bson-map.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";
import type { Namespace } from "../driver/namespaces.ts";
import { readQuery } from "../source/read-range.ts";
import { withoutTimestamps, type ZeroTimestamps } from "../target/writing/zero-timestamps.ts";

/** The number of documents in a reply. The server ends a reply at 16 MiB anyway. */
const REPLY_DOCUMENTS = 1000;

/** A document that may be in the collection. */
export interface AskedDocument {
  readonly document: Buffer;
  /** The fields that an insert changes. They may not have been set back yet. */
  readonly zeroTimestamps?: ZeroTimestamps | undefined;
}

/**
 * Returns those of the documents that a collection has, byte for byte. A document with the same `_id` and
 * other content does not count.
 *
 * Reads the primary's data, which is durable as soon as a majority acknowledges a later write.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function storedDocuments<A extends AskedDocument>(
  target: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  asked: readonly A[],
): Promise<Set<A>> {
  const stored = new Set<A>();
  const byId = Map.groupBy(asked, ({ document }) => idOf(document));
  try {
    for (const ids of idGroups(asked.map((a) => a.document))) {
      const query = { find: ns.storedIn, filter: { _id: { $in: ids } } };
      for await (const documents of readQuery(target, ns, query, REPLY_DOCUMENTS))
        for (const found of documents)
          for (const one of byId.get(idOf(found)) ?? []) if (isStored(one, found)) stored.add(one);
    }
    return stored;
  } catch (error) {
    throw explainMongodb(error, target.server, ns.namespace);
  }
}

function isStored({ document, zeroTimestamps }: AskedDocument, found: Buffer): boolean {
  if (found.equals(document)) return true;
  return zeroTimestamps !== undefined && withoutTimestamps(found, zeroTimestamps.fields).equals(document);
}
