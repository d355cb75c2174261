import { EMPTY_DIGEST, isSameDigest, type PlainDigest } from "@firebreak/items";

/** The buckets of a table to read to find the rows that differ. */
export interface BucketPlan {
  /** The buckets without a row in the target. All rows of the archive are missing there. */
  readonly missing: ReadonlySet<string>;
  /** The other buckets that differ, in groups whose rows are held in memory together. */
  readonly groups: readonly ReadonlySet<string>[];
}

/**
 * Groups the buckets that differ.
 *
 * @param maxRows the most rows of either side in a group. A larger bucket forms a group of its own.
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
