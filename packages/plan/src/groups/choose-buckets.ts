import { hash } from "node:crypto";

/** Groups are counted in so many buckets, whatever their number is. */
export const BUCKETS = 4096;

/** Returns the bucket of a group, by the values that name it. Equal numbers of different types are equal here. */
export function bucketOf(values: readonly unknown[]): number {
  const digest = hash("sha256", JSON.stringify(values.map(String)), "hex");
  return Number.parseInt(digest.slice(0, 8), 16) % BUCKETS;
}

/**
 * Chooses buckets until they have the wanted number of documents: in their order those that fit, then the smallest of
 * the others if some are still wanted. Pure.
 *
 * @param counts the number of documents in each bucket.
 */
export function chooseBuckets(counts: readonly number[], wanted: number): ReadonlySet<number> {
  const chosen = new Set<number>();
  let taken = 0;
  for (const [bucket, count] of counts.entries()) {
    if (count === 0 || taken + count > wanted) continue;
    chosen.add(bucket);
    taken += count;
  }
  const others = [...counts.keys()].filter((bucket) => counts[bucket]! > 0 && !chosen.has(bucket));
  const [smallest] = others.toSorted((a, b) => counts[a]! - counts[b]!);
  if (taken < wanted && smallest !== undefined) chosen.add(smallest);
  return chosen;
}
