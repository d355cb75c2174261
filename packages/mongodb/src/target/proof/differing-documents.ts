import { FirebreakError } from "@firebreak/archive";
import {
  compareBuckets,
  documentDifferences,
  type ArchivedLines,
  type ComparedCollection,
} from "../../stored/document-differences.ts";
import { expires } from "../collections/build-indexes.ts";
import { findDifferences } from "../../stored/find-differences.ts";
import { linesOfChain, openMadeChain, type MadeLink } from "../../stored/made-chain.ts";
import { refusedLines } from "../ledger/refused-lines.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { ToMongodbEvent } from "../mongodb-load-notes.ts";
import type { DonePart, PlannedCollection } from "../collection-plan.ts";
import type { MongodbLoad } from "../load-run.ts";
import type { LoadSetting } from "../parts/load-part.ts";

/** Pairs a collection with everything it was made from; undefined if links before a delta are not here. */
export async function comparedWithChain(
  { archive, previous, identities }: MongodbLoad,
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
  return { ...newest, earlier, work, target, namespace: { namespace, database, storedIn: collection } };
}

/**
 * Returns how many documents a collection lacks, if nothing else differs and the server deletes expired
 * documents from it, as it has done since an earlier link. Otherwise returns undefined.
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

/** Notes the documents that differ, as far as their sources are here. */
export async function differingNote(
  { namespace }: PlannedCollection,
  compared: ComparedCollection | undefined,
  counts: { readonly expected: number; readonly found: number },
): Promise<ToMongodbEvent> {
  if (compared === undefined)
    return { kind: "note", code: "chain-documents-differ", fields: { namespace, ...counts } };
  const named = await findDifferences(compared);
  return { kind: "note", code: "loaded-documents-differ", fields: { namespace, ...counts, ...named } };
}
