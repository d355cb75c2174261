import { subtractDigests } from "@firebreak/items";
import { type DefinitionDifference, listPlaces } from "../../definitions/compare-definitions.ts";
import { unlikeDefinition, type Unlikeness } from "../../definitions/unlike-definition.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import {
  proveCollections,
  type ProvedRange,
  type ProveTask,
  type ToProve,
} from "../../stored/prove-collections.ts";
import type { LoadedWork } from "../account.ts";
import { type CollectionWork, countsOf, type DonePart, type PlannedCollection } from "../collection-plan.ts";
import { expires } from "../collections/build-indexes.ts";
import { writeLoadState } from "../ledger/load-ledger.ts";
import { refusedDigest } from "../ledger/refused-lines.ts";
import type { Done, LoadRun } from "../load-run.ts";
import type { ToMongodbEvent } from "../mongodb-load-notes.ts";
import type { LoadSetting } from "../parts/load-part.ts";
import { comparedWithChain, differingNote, lackedExpiring } from "./differing-documents.ts";

/** The result of the proof for each collection. */
export type Proofs = Map<PlannedCollection, NonNullable<LoadedWork["proof"]>>;

interface LoadToProve extends ToProve {
  readonly planned: PlannedCollection;
}

/**
 * Reads back what was loaded, and names what differs. A collection that an earlier run proved, and preflight
 * counted, is not read again; a delta's collections always are.
 */
export async function* proveDocuments(
  { options, target, setting, assertHeld }: LoadRun,
  work: readonly CollectionWork[],
  done: Done,
  proofs: Proofs,
  ask: (task: ProveTask) => Promise<ProvedRange>,
): AsyncGenerator<ToMongodbEvent> {
  const unproved: LoadToProve[] = [];
  for (const { planned, state, todo } of work) {
    const { namespace, database } = planned;
    const expected = await expectedContent(setting, planned, done.get(planned)!);
    if (planned.link === undefined && state === "proved" && todo.length === 0 && !options.isReplay)
      proofs.set(planned, { digested: expected.digest.rowCount, isEqual: true });
    else unproved.push({ namespace, database, planned, expected });
  }
  for await (const event of proveCollections(target, unproved, options.jobs, ask)) {
    assertHeld();
    if (event.kind !== "proof") {
      yield event;
      continue;
    }
    const { proved, found, isEqual } = event.proof;
    const { planned, expected } = proved;
    const { database, collection, contentSha256, chain } = planned;
    const compared = isEqual
      ? undefined
      : await comparedWithChain(options, setting, target, planned, done.get(planned)!);
    const lacked = compared === undefined ? undefined : await lackedExpiring(planned, compared);
    const isSound = isEqual || lacked !== undefined;
    proofs.set(planned, { digested: found.rowCount, isEqual: isSound });
    const state = isSound ? "proved" : "differs";
    await writeLoadState(target, database, { collection, contentSha256, chain, state });
    if (lacked !== undefined)
      yield {
        kind: "note",
        code: "documents-expired",
        fields: { namespace: planned.namespace, count: lacked },
      };
    if (isSound) continue;
    const counts = { expected: expected.digest.rowCount, found: found.rowCount };
    yield await differingNote(planned, compared, counts);
  }
}

/**
 * Returns the expected content of a collection. In a load it is what the loaded parts brought in, so that a
 * part that was never loaded shows. In a delta it is the whole state of the chain, without what the target
 * refused.
 */
async function expectedContent(
  setting: LoadSetting,
  { source, link }: PlannedCollection,
  done: readonly DonePart[],
): Promise<LoadToProve["expected"]> {
  if (link === undefined) {
    const { digest, refused } = countsOf(done);
    return { digest, documentCount: source.digest.rowCount - refused };
  }
  const ledgers = done.map((d) => d.ledger);
  const refused = await refusedDigest(setting.work, ledgers, setting.identities);
  const digest = subtractDigests(source.digest, refused);
  return { digest, documentCount: digest.rowCount };
}

/**
 * Compares the options and indexes of collections with the archive's, and notes differences that somebody
 * made. Such a collection is not equal. A validator is an exception: it does not affect documents that are
 * in, and may have been changed to let the others in.
 */
export async function* definitionNotes(
  target: MongodbSource,
  collections: readonly PlannedCollection[],
  proofs: Proofs,
): AsyncGenerator<ToMongodbEvent> {
  const existing = await listPlaces(target, collections);
  const namespaces = collections.filter(expires).map((p) => p.namespace);
  if (namespaces.length > 0) yield { kind: "note", code: "restore-expiry", fields: { namespaces } };
  for (const planned of collections) {
    const { namespace } = planned;
    const found = existing.get(namespace);
    const unlike = found === undefined ? undefined : unlikeDefinition(planned, found);
    const missing = { what: "missing", expected: planned.kind, found: "" } as const;
    for (const difference of unlike?.flatMap(differenceOf) ?? [missing])
      yield { kind: "note", code: "definition-differs", fields: { namespace, ...difference } };
    if (unlike === undefined || unlike.some((u) => u.what !== "index-extra" && u.what !== "validation"))
      proofs.set(planned, { ...proofs.get(planned)!, isEqual: false });
  }
}

function differenceOf(unlike: Unlikeness): Omit<DefinitionDifference, "namespace">[] {
  switch (unlike.what) {
    case "index-extra":
      return [];
    case "index-missing":
      return [{ what: "index", expected: unlike.expected, found: "" }];
    case "validation":
      return [{ what: "options", expected: unlike.expected, found: unlike.found }];
    case "kind":
    case "options":
    case "index":
      return [{ what: unlike.what, expected: unlike.expected, found: unlike.found }];
  }
}
