import {
  builtIndexes,
  createCollection,
  createIndexes,
  mapOf,
  refusalOf,
  writeLoadState,
  type MongodbSource,
} from "@firebreak/mongodb";
import type { CollectionWork, PlannedCollection } from "./collection-plan.ts";

/**
 * Makes the collections that are not there. The ledger says that a collection is
 * ours before it is created, so that no load takes what others made for its own.
 * Unique indexes come before the documents: those that break one are refused one by one.
 *
 * @param beforeEach throws when nothing more may be written.
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

/** @throws {FirebreakError} `collection-refused` where documents that are there break one. */
export async function createUniqueIndexes(target: MongodbSource, planned: PlannedCollection): Promise<void> {
  await createIndexes(target, planned, uniqueIndexes(planned)).catch((error: unknown) => {
    throw refusalOf(error, "collection-refused", planned.namespace);
  });
}

/** Those that a document may break; expiring ones would have the server delete documents before they are proved. */
export function uniqueIndexes(planned: PlannedCollection): Buffer[] {
  return builtIndexes(planned).filter((index) => {
    const map = mapOf(index);
    return map.get("unique") === true && !map.has("expireAfterSeconds");
  });
}
