import { mapOf } from "../../driver/bson-map.ts";
import type { DefinedCollection } from "../../definitions/compare-definitions.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import { runWrite } from "../writing/write-documents.ts";

/** The changes to make in an existing collection. */
export interface CollectionChanges {
  /** Names of the indexes to drop. */
  readonly dropped: readonly string[];
  /** True if the collection is to check new documents as its definition says. */
  readonly hasValidation: boolean;
}

/**
 * Drops indexes of a collection, and makes it check new documents as its definition says.
 *
 * Documents that are already in it are left alone (manual, "collMod").
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function changeCollection(
  target: MongodbSource,
  { namespace, database, options }: DefinedCollection,
  collection: string,
  { dropped, hasValidation }: CollectionChanges,
): Promise<void> {
  const ns = { namespace, database };
  if (dropped.length > 0) await runWrite(target, ns, { dropIndexes: collection, index: [...dropped] });
  if (!hasValidation) return;
  const wanted = mapOf(options);
  await runWrite(target, ns, {
    collMod: collection,
    validator: wanted.get("validator") ?? {},
    validationLevel: wanted.get("validationLevel") ?? "strict",
    validationAction: wanted.get("validationAction") ?? "error",
  });
}
