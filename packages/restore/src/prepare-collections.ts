import type { StepEvent } from "@firebreak/archive";
import {
  createCollection,
  dropCollection,
  forgetLoad,
  forgetParts,
  LEDGER,
  writeLedgerState,
  type MongodbSource,
} from "@firebreak/mongodb";
import type { PlannedWork } from "./preflight.ts";
import type { PlannedNamespace } from "./restore-plan.ts";

/** Of a BSON document without fields. */
const EMPTY_BYTES = 5;

/** A collection that lives for a moment. */
const TRIAL = `${LEDGER}_trial`;

/**
 * Makes the collections that documents go into. The ledger says that a
 * collection is ours before it is created, and after what was there is dropped,
 * so that no run ever takes what others made for its own.
 *
 * @param beforeEach throws when nothing more may be written.
 */
export async function* prepareCollections(
  target: MongodbSource,
  work: readonly PlannedWork[],
  beforeEach: () => void,
): AsyncGenerator<StepEvent> {
  for (const { planned, exists, isDropped } of work) {
    beforeEach();
    if (planned.kind !== "view" && (!exists || isDropped) && planned.options.length > EMPTY_BYTES)
      await tryToCreate(target, planned);
  }
  for (const { planned, exists, isDropped, isStartedAgain, state } of work) {
    if (planned.kind === "view") continue;
    beforeEach();
    const { database, collection, namespace, source } = planned;
    if (isStartedAgain) {
      yield { kind: "note", code: "restore-started-again", fields: { namespace } };
      await forgetParts(target, database, collection);
    }
    if (isDropped) {
      await dropCollection(target, planned);
      await forgetLoad(target, database, collection);
    }
    if (state === undefined || isStartedAgain)
      await writeLedgerState(target, database, collection, source.namespace, "begun");
    if (!exists || isDropped) await createCollection(target, planned, planned.collection);
  }
}

/** Makes the views, each after those it is made of. */
export async function createViews(
  target: MongodbSource,
  work: readonly PlannedWork[],
  beforeEach: () => void,
): Promise<void> {
  for (const { planned, exists, isDropped } of work) {
    if (planned.kind !== "view") continue;
    beforeEach();
    if (isDropped) await dropCollection(target, planned);
    if (!exists || isDropped) await createCollection(target, planned, planned.collection);
  }
}

/** Nothing is dropped or begun for a collection that this server does not take, of a newer version, say. */
async function tryToCreate(target: MongodbSource, planned: PlannedNamespace): Promise<void> {
  const trial = { ...planned, collection: TRIAL };
  await dropCollection(target, trial);
  await createCollection(target, planned, TRIAL);
  await dropCollection(target, trial);
}
