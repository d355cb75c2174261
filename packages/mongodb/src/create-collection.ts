import { FirebreakError } from "@firebreak/archive";
import { MongoServerError } from "mongodb";
import { mapOf } from "./bson-map.ts";
import type { MongodbSource } from "./connect.ts";
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
 * delete documents while they are still being written (`expireDocuments`).
 *
 * @param options a BSON document, as `listCollections` has it. @param idIndex how `listIndexes`
 * describes the index on `_id`, which is made with the collection and may be of an older version.
 */
export async function createCollection(
  target: MongodbSource,
  ns: Place,
  options: Buffer,
  idIndex: Buffer | undefined,
): Promise<void> {
  const map = mapOf(options);
  map.delete(EXPIRY);
  await runWrite(target, ns, {
    create: ns.collection,
    ...Object.fromEntries(map),
    ...(idIndex === undefined ? {} : { idIndex: mapOf(idIndex) }),
  });
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
