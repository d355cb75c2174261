import type { PlainDigest } from "@firebreak/items";
import { expect, test } from "vitest";
import { planBuckets } from "../../../src/target/checksum/row-differences.ts";

const digest = (rowCount: number, laneA = 1): PlainDigest => ({ rowCount, laneA: String(laneA), laneB: "0" });
const sums = (buckets: Readonly<Record<string, PlainDigest>>): Map<string, PlainDigest> =>
  new Map(Object.entries(buckets));

test("equal buckets are not read", () => {
  const both = sums({ "0000": digest(5), "0001": digest(7) });
  expect(planBuckets(both, both, 100)).toEqual({ missing: new Set(), groups: [] });
});

test("what the target has no row of needs no second look, however much it is", () => {
  const expected = sums({ "0000": digest(1_000_000), "0001": digest(5) });
  expect(planBuckets(expected, sums({ "0001": digest(5) }), 100)).toEqual({
    missing: new Set(["0000"]),
    groups: [],
  });
});

test("groups hold no more rows of a side than are allowed, but a bucket is never cut", () => {
  const expected = sums({ a: digest(60), b: digest(30), c: digest(20), d: digest(500), e: digest(1) });
  const found = sums({
    a: digest(1),
    b: digest(40),
    c: digest(20, 2),
    d: digest(1),
    e: digest(2),
    f: digest(3),
  });
  expect(planBuckets(expected, found, 100).groups).toEqual([
    new Set(["a", "b"]),
    new Set(["c"]),
    new Set(["d"]),
    new Set(["e", "f"]),
  ]);
});
