import { FirebreakError } from "@firebreak/archive";
import { MongoServerError } from "mongodb";
import { mapOf } from "../../driver/bson-map.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import { isIdIndex, type DefinedCollection } from "../../definitions/compare-definitions.ts";
import { refusalOf } from "../../driver/mongodb-faults.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import { runWrite } from "../writing/write-documents.ts";

/** The option that makes the server delete documents by itself. A collection gets it last. */
const EXPIRY = "expireAfterSeconds";

/** The server's code for a collection that does not exist. */
const NAMESPACE_NOT_FOUND = 26;

type Place = Pick<Namespace, "namespace" | "database" | "collection">;

/**
 * Creates a collection or view with exactly the options that were listed, except the expiry of clustered and
 * time-series collections.
 *
 * With expiry the server would delete documents while they are still being written, so `expireDocuments` sets
 * it later. The index on `_id` is created with the collection, and may be of an older version.
 *
 * @param collection the name to create it under.
 * @throws {FirebreakError} `collection-refused`: this server does not accept the definition.
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

/** Sets a collection's expiry, if its options have one. */
export async function expireDocuments(target: MongodbSource, ns: Place, options: Buffer): Promise<void> {
  const seconds = mapOf(options).get(EXPIRY);
  if (seconds !== undefined) await runWrite(target, ns, { collMod: ns.collection, [EXPIRY]: seconds });
}

/** Drops a collection or view and its contents. It is no error if there is none. */
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
 * Builds indexes in one pass over the collection, described exactly as they were listed: options of every
 * kind, the order of keys, the types of numbers.
 *
 * @param indexes BSON documents as `listIndexes` returns them, without the index on `_id`.
 */
export async function createIndexes(
  target: MongodbSource,
  ns: Place,
  indexes: readonly Buffer[],
): Promise<void> {
  if (indexes.length > 0)
    await runWrite(target, ns, { createIndexes: ns.collection, indexes: indexes.map(mapOf) });
}
