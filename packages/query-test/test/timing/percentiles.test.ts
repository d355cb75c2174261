import { expect, test } from "vitest";
import fc from "fast-check";
import { percentilesOf } from "../../src/timing/percentiles.ts";

test("percentiles are by nearest rank", () => {
  const times = Array.from({ length: 200 }, (_, i) => 200 - i);
  expect(percentilesOf(times)).toEqual({ p50Ms: 100, p95Ms: 190, p99Ms: 198 });
});

test("one time is every percentile, and none is 0", () => {
  expect(percentilesOf([1.23456])).toEqual({ p50Ms: 1.235, p95Ms: 1.235, p99Ms: 1.235 });
  expect(percentilesOf([])).toEqual({ p50Ms: 0, p95Ms: 0, p99Ms: 0 });
});

test("each percentile is one of the times, and they ascend", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), (times) => {
      const { p50Ms, p95Ms, p99Ms } = percentilesOf(times);
      for (const one of [p50Ms, p95Ms, p99Ms]) expect(times).toContain(one);
      expect([p50Ms, p95Ms, p99Ms]).toEqual([p50Ms, p95Ms, p99Ms].toSorted((a, b) => a - b));
    }),
  );
});
