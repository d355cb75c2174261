import type { MongodbSource } from "../../driver/connect.ts";
import {
  compareBuckets,
  type ComparedCollection,
  documentDifferences,
} from "../../stored/document-differences.ts";
import { madeLines } from "../../stored/made-chain.ts";
import type { DonePart, PlannedCollection } from "../collection-plan.ts";
import { expires } from "../collections/build-indexes.ts";
import { comparedLines, refusedByLink } from "../ledger/refused-lines.ts";
import type { MongodbLoad } from "../load-run.ts";
import type { ToMongodbEvent } from "../mongodb-load-notes.ts";
import type { LoadSetting } from "../parts/load-part.ts";

/** Pairs a collection with everything it was made from; undefined if links before a delta are not here. */
export async function comparedWithChain(
  { archive, previous, identities }: MongodbLoad,
  { folder, work, manifests }: LoadSetting,
  target: MongodbSource,
  { namespace, database, collection, source }: PlannedCollection,
  done: readonly DonePart[],
): Promise<ComparedCollection | undefined> {
  const place = { work, target, namespace: { namespace, database, storedIn: collection } };
  const lines = await madeLines({ archive, folder, previous, identities }, manifests.made, source);
  if (lines === undefined) return undefined;
  const ledgers = done.map((d) => d.ledger);
  return comparedLines(lines, await refusedByLink(work, ledgers, identities), place);
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

/** The most documents of each kind that a report names, and the most buckets to look into for them. */
const MAX_NAMED = 10;

/** The `_id`s, as canonical Extended JSON, of some documents that differ from the archive. */
interface NamedDifferences {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly string[];
}

/** Names up to ten documents of each kind that differ between the archive and a collection. */
export async function findDifferences(collection: ComparedCollection): Promise<NamedDifferences> {
  const { differing } = await compareBuckets(collection);
  const named = { missing: [] as string[], extra: [] as string[], changed: [] as string[] };
  const buckets = new Map([...differing].slice(0, MAX_NAMED));
  for await (const { kind, id } of documentDifferences(collection, buckets))
    if (named[kind].length < MAX_NAMED) named[kind].push(id);
  return named;
}
