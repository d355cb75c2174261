import { killPoint } from "@firebreak/archive";
import {
  changeCollection,
  dropCollection,
  forgetLoad,
  forgetLoadedParts,
  listPlaces,
  writeLoadState,
  type MongodbSource,
} from "@firebreak/mongodb";
import type { CollectionWork } from "./collection-plan.ts";
import { reshapingOf } from "./delta-findings.ts";

/**
 * Makes room for a delta: what is dropped goes, what is there anew as a whole is
 * made empty, and what changes loses indexes that are not the source's any more and
 * gets its validator. Each step may be done again; the ledger says of a collection
 * that it is begun only when what was there before is gone.
 *
 * @param isReplay what is as it was gets documents from quarantine, and so is to be proved again.
 * @param beforeEach throws when nothing more may be written.
 * @returns what there is to be done then, in the same order.
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
