import { FirebreakError, type StepEvent } from "@firebreak/archive";
import {
  compareBuckets,
  documentDifferences,
  expires,
  findDifferences,
  linesOfChain,
  openMadeChain,
  refusedLines,
  type ArchivedLines,
  type ComparedCollection,
  type MadeLink,
  type MongodbSource,
} from "@firebreak/mongodb";
import type { DonePart, PlannedCollection } from "./collection-plan.ts";
import type { LoadDocumentsOptions } from "./load-documents.ts";
import type { LoadSetting } from "./load-part.ts";

/** A collection beside all that it was made of; undefined where links before a delta are not here. */
export async function comparedWithChain(
  { archive, previous, identities }: LoadDocumentsOptions,
  { folder, work, manifests }: LoadSetting,
  target: MongodbSource,
  { namespace, database, collection, source, link }: PlannedCollection,
  done: readonly DonePart[],
): Promise<ComparedCollection | undefined> {
  let links: readonly MadeLink[] = [];
  try {
    if (link !== undefined) links = await openMadeChain(archive, manifests.made, { previous, identities });
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code !== "chain-link-missing") throw error;
    return undefined;
  }
  const lines: ArchivedLines[] = [];
  for (const one of linesOfChain([...links, { folder, manifest: manifests.made }], source, identities)) {
    const ofLink = done.map((d) => d.ledger).filter((ledger) => ledger.link === one.link);
    lines.push({ ...one, setAside: (await refusedLines(work, ofLink, identities)).lines });
  }
  const newest = lines.at(-1);
  if (newest === undefined) return undefined;
  const earlier = lines.slice(0, -1);
  return { ...newest, earlier, target, namespace: { namespace, database, storedIn: collection } };
}

/**
 * How many documents a collection lacks that differs in nothing else, and from which
 * the server deletes what is past its time, as it does since an earlier link was in.
 * Undefined of any other collection.
 */
export async function lackedExpiring(
  planned: PlannedCollection,
  compared: ComparedCollection,
): Promise<number | undefined> {
  if (planned.link === undefined || !expires(planned)) return undefined;
  const { differing } = await compareBuckets(compared);
  let count = 0;
  for await (const { kind } of documentDifferences(compared, differing)) {
    if (kind !== "missing") return undefined;
    count++;
  }
  return count;
}

/** Names documents that differ, as far as what they were made of is here. */
export async function differingNote(
  { namespace }: PlannedCollection,
  compared: ComparedCollection | undefined,
  counts: { readonly expected: number; readonly found: number },
): Promise<StepEvent> {
  if (compared === undefined)
    return { kind: "note", code: "chain-documents-differ", fields: { namespace, ...counts } };
  const named = await findDifferences(compared);
  return { kind: "note", code: "loaded-documents-differ", fields: { namespace, ...counts, ...named } };
}
