import { Double, Int32, Long } from "bson";
import { describe, expect, test } from "vitest";
import { bucketOf, chooseBuckets } from "../../src/groups/choose-buckets.ts";

describe("buckets are chosen", () => {
  test.each([
    { counts: [3, 0, 9, 4], wanted: 7, chosen: [0, 3] },
    { counts: [3, 0, 9, 4], wanted: 8, chosen: [0, 2, 3] },
    { counts: [50, 20, 30], wanted: 10, chosen: [1] },
    { counts: [0, 0], wanted: 0, chosen: [] },
    { counts: [1, 2], wanted: 3, chosen: [0, 1] },
  ])("$chosen of $counts for $wanted documents", ({ counts, wanted, chosen }) => {
    expect([...chooseBuckets(counts, wanted)].toSorted((a, b) => a - b)).toEqual(chosen);
  });
});

test("a group has one bucket, whatever the types of its numbers are", () => {
  const buckets = [new Int32(1), Long.fromNumber(1), new Double(1)].map((type) => bucketOf([type, "a|b"]));
  expect(new Set(buckets).size).toBe(1);
  expect(bucketOf(["a", "b|c"])).not.toBe(bucketOf(["a|b", "c"]));
});
