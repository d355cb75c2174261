import { FirebreakError } from "@firebreak/archive";
import { MongoServerError } from "mongodb";
import { mapOf } from "./bson-map.ts";
import type { MongodbSource } from "./connect.ts";
import { isIdIndex, type DefinedCollection } from "./compare-definitions.ts";
import { refusalOf } from "./mongodb-faults.ts";
import type { Namespace } from "./namespaces.ts";
import { runWrite } from "./write-documents.ts";

/** The option that makes the server delete documents by itself; a collection gets it last. */
const EXPIRY = "expireAfterSeconds";

/** The server's code for a collection that is not there. */
const NAMESPACE_NOT_FOUND = 26;

type Place = Pick<Namespace, "namespace" | "database" | "collection">;

/**
 * Creates a collection or view with its options exactly as they were listed,
 * but for the expiry of clustered and time-series ones: with it the server would
 * delete documents while they are still being written (`expireDocuments`). The
 * index on `_id` is made with the collection, and may be of an older version.
 *
 * @param collection the name it gets.
 * @throws {FirebreakError} `collection-refused`: this server does not take it as it is described.
 */
export async function createCollection(
  target: MongodbSource,
  { namespace, database, kind, options, indexes }: DefinedCollection,
  collection: string,
): Promise<void> {
  const map = mapOf(options);
  map.delete(EXPIRY);
  const isIndexed = kind !== "view" && !map.has("clusteredIndex");
  const idIndex = isIndexed ? indexes.find(isIdIndex) : undefined;
  try {
    await runWrite(
      target,
      { namespace, database },
      {
        create: collection,
        ...Object.fromEntries(map),
        ...(idIndex === undefined ? {} : { idIndex: mapOf(idIndex) }),
      },
    );
  } catch (error) {
    throw refusalOf(error, "collection-refused", namespace);
  }
}

/** Gives a collection the expiry that its options have, if any. */
export async function expireDocuments(target: MongodbSource, ns: Place, options: Buffer): Promise<void> {
  const seconds = mapOf(options).get(EXPIRY);
  if (seconds !== undefined) await runWrite(target, ns, { collMod: ns.collection, [EXPIRY]: seconds });
}

/** Drops a collection or view with all that is in it; one that is not there is no error. */
export async function dropCollection(target: MongodbSource, ns: Place): Promise<void> {
  try {
    await runWrite(target, ns, { drop: ns.collection });
  } catch (error) {
    if (error instanceof FirebreakError && isNotFound(error.cause)) return;
    throw error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND;
}

/**
 * Builds indexes in one pass over the collection, described exactly as they were
 * listed: options of every kind, the order of keys, the types of numbers.
 *
 * @param indexes BSON documents, as `listIndexes` has them, without that on `_id`.
 */
export async function createIndexes(
  target: MongodbSource,
  ns: Place,
  indexes: readonly Buffer[],
): Promise<void> {
  if (indexes.length > 0)
    await runWrite(target, ns, { createIndexes: ns.collection, indexes: indexes.map(mapOf) });
}
