import { compareBuckets, documentDifferences, type ComparedCollection } from "./document-differences.ts";

/** The most documents of each kind that a report names, and the most buckets to look into for them. */
const MAX_NAMED = 10;

/** The `_id`s, as canonical Extended JSON, of some documents that differ from the archive. */
export interface NamedDifferences {
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
