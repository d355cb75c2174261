import { builtIndexes } from "./build-indexes.ts";
import { createCollection, createIndexes } from "./create-collection.ts";
import { mapOf } from "../../driver/bson-map.ts";
import { refusalOf } from "../../driver/mongodb-faults.ts";
import { writeLoadState } from "../ledger/load-ledger.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { CollectionWork, PlannedCollection } from "../collection-plan.ts";

/**
 * Creates missing collections. The ledger claims a collection before it is created, so that no load takes
 * over the collections of others. Unique indexes are built before the documents come: documents that violate
 * one are refused one by one.
 *
 * @param beforeEach throws if nothing more may be written.
 */
export async function prepareCollections(
  target: MongodbSource,
  work: readonly CollectionWork[],
  beforeEach: () => void,
): Promise<void> {
  for (const { planned, exists, state } of work) {
    beforeEach();
    const { database, collection, contentSha256, chain } = planned;
    if (state === undefined)
      await writeLoadState(target, database, { collection, contentSha256, chain, state: "begun" });
    if (!exists) await createCollection(target, planned, collection);
    await createUniqueIndexes(target, planned);
  }
}

/** @throws {FirebreakError} `collection-refused` if existing documents violate one. */
export async function createUniqueIndexes(target: MongodbSource, planned: PlannedCollection): Promise<void> {
  await createIndexes(target, planned, uniqueIndexes(planned)).catch((error: unknown) => {
    throw refusalOf(error, "collection-refused", planned.namespace);
  });
}

/**
 * Returns the indexes that a document may violate. Expiring ones are left out: with them the server would
 * delete documents before they are proved.
 */
export function uniqueIndexes(planned: PlannedCollection): Buffer[] {
  return builtIndexes(planned).filter((index) => {
    const map = mapOf(index);
    return map.get("unique") === true && !map.has("expireAfterSeconds");
  });
}
