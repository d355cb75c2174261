import { EMPTY_DIGEST, isSameDigest, type PlainDigest } from "@firebreak/archive";

/** What is to be read of a table to find the rows that differ. */
export interface BucketPlan {
  /** Buckets that the target has no row of: all of the archive's are missing. */
  readonly missing: ReadonlySet<string>;
  /** The other buckets that differ, in groups whose rows are held at once. */
  readonly groups: readonly ReadonlySet<string>[];
}

/**
 * Groups the buckets that differ.
 *
 * @param maxRows rows of either side in a group; a bucket that has more is a group of its own.
 */
export function planBuckets(
  expected: ReadonlyMap<string, PlainDigest>,
  found: ReadonlyMap<string, PlainDigest>,
  maxRows: number,
): BucketPlan {
  const missing = new Set<string>();
  const groups: Set<string>[] = [];
  let rows = Infinity;
  for (const bucket of [...new Set([...expected.keys(), ...found.keys()])].sort()) {
    const here = expected.get(bucket) ?? EMPTY_DIGEST;
    const there = found.get(bucket) ?? EMPTY_DIGEST;
    if (isSameDigest(here, there)) continue;
    if (there.rowCount === 0) {
      missing.add(bucket);
      continue;
    }
    rows += Math.max(here.rowCount, there.rowCount);
    if (rows > maxRows) {
      groups.push(new Set());
      rows = Math.max(here.rowCount, there.rowCount);
    }
    groups.at(-1)!.add(bucket);
  }
  return { missing, groups };
}
