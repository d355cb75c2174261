import { killPoint } from "@firebreak/archive";
import { type DefinedCollection, listPlaces } from "../../definitions/compare-definitions.ts";
import { mapOf } from "../../driver/bson-map.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { CollectionWork } from "../collection-plan.ts";
import { forgetLoad, forgetLoadedParts, writeLoadState } from "../ledger/load-ledger.ts";
import { reshapingOf, type CollectionChanges } from "../preflight/delta-findings.ts";
import { runWrite } from "../writing/write-documents.ts";
import { dropCollection } from "./create-collection.ts";

/**
 * Prepares collections for a delta. A dropped collection is dropped; one that the delta has as a whole is
 * emptied; a changed one loses indexes that the source no longer has and gets its validator. Each step may be
 * repeated. The ledger lists a collection as begun only when its old content is gone.
 *
 * @param isReplay unchanged collections get documents from quarantine, and so must be proved again.
 * @param beforeEach throws if nothing more may be written.
 * @returns the work that is left, in the same order.
 */
export async function beginCollections(
  target: MongodbSource,
  work: readonly CollectionWork[],
  isReplay: boolean,
  beforeEach: () => void,
): Promise<CollectionWork[]> {
  const begun: CollectionWork[] = [];
  const places = await listPlaces(
    target,
    work.map((w) => w.planned),
  );
  for (const one of work) {
    const { planned, head, state } = one;
    const { database, collection, contentSha256, chain, namespace } = planned;
    const found = places.get(namespace);
    beforeEach();
    switch (planned.source.change) {
      case "dropped":
        if (head === undefined) break;
        await dropCollection(target, planned);
        await forgetLoad(target, database, collection);
        break;
      case "whole": {
        const isOld = head !== undefined && state === undefined;
        if (isOld) {
          await dropCollection(target, planned);
          await forgetLoadedParts(target, database, collection);
          await writeLoadState(target, database, { collection, contentSha256, chain, state: "begun" });
        }
        begun.push(isOld ? { ...one, exists: false, state: "begun" } : one);
        break;
      }
      case "changed":
        if (state === undefined)
          await writeLoadState(target, database, { collection, contentSha256, chain, state: "begun" });
        if (found !== undefined) await changeCollection(target, planned, collection, reshapingOf(one, found));
        begun.push(one);
        break;
      case undefined:
        if (isReplay || one.earlier.some((d) => d.ledger.isReplaying === true)) begun.push(one);
        break;
    }
    killPoint("collection-begun");
  }
  return begun;
}

/**
 * Drops indexes of a collection, and makes it check new documents as its definition says.
 *
 * Documents that are already in it are left alone (manual, "collMod").
 *
 * @throws {FirebreakError} any error of mongodb.
 */
async function changeCollection(
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
