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
import type { RestoreEvent } from "./restore-notes.ts";

/** The size of a BSON document without fields. */
const EMPTY_BYTES = 5;

/** The name of a collection that exists only for a moment. */
const TRIAL = `${LEDGER}_trial`;

/**
 * Creates the collections for the documents.
 *
 * Before a collection is created, and after the old one is dropped, the ledger says that it is ours. So no
 * run ever takes the collections of others for its own.
 *
 * @param beforeEach throws if nothing more may be written.
 */
export async function* prepareCollections(
  target: MongodbSource,
  work: readonly PlannedWork[],
  beforeEach: () => void,
): AsyncGenerator<RestoreEvent> {
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
      await writeLedgerState(target, database, { collection, source: source.namespace, state: "begun" });
    if (!exists || isDropped) await createCollection(target, planned, planned.collection);
  }
}

/** Creates the views, each after those that it uses. */
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

/**
 * Creates a collection for a trial. If this server refuses it, for example because its version is older,
 * nothing has been dropped or begun.
 */
async function tryToCreate(target: MongodbSource, planned: PlannedNamespace): Promise<void> {
  const trial = { ...planned, collection: TRIAL };
  await dropCollection(target, trial);
  await createCollection(target, planned, TRIAL);
  await dropCollection(target, trial);
}
