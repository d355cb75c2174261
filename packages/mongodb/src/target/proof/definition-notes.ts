import { expires } from "../collections/build-indexes.ts";
import { listPlaces, type DefinitionDifference } from "../../definitions/compare-definitions.ts";
import { unlikeDefinition, type Unlikeness } from "../../definitions/unlike-definition.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { ToMongodbEvent } from "../mongodb-load-notes.ts";
import type { PlannedCollection } from "../collection-plan.ts";
import type { Proofs } from "./prove-documents.ts";

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
