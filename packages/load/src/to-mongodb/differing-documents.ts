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
 * Whether a collection that differs lacks documents and nothing else, and the server
 * deletes from it what is past its time, as it does since an earlier link was in.
 */
export async function lacksOnlyExpired(
  planned: PlannedCollection,
  compared: ComparedCollection,
): Promise<boolean> {
  if (planned.link === undefined || !expires(planned)) return false;
  const { differing } = await compareBuckets(compared);
  for await (const { kind } of documentDifferences(compared, differing)) if (kind !== "missing") return false;
  return true;
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
