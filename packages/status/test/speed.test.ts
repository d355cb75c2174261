import { expect, test } from "vitest";
import { rowsPerSecond } from "../src/speed.ts";

const arrivals = (...seconds: readonly number[]) =>
  seconds.map((second) => ({ loadedAtMs: 1_700_000_000_000 + second * 1000, rowCount: 100 }));

test("a speed is that of the rows behind the first part", () => {
  expect(rowsPerSecond(arrivals(0, 10, 20), undefined)).toBe(10);
});

test("parts in any order give the same speed", () => {
  expect(rowsPerSecond(arrivals(20, 0, 10), undefined)).toBe(10);
});

test("what came in more than five minutes before the last part does not count", () => {
  expect(rowsPerSecond(arrivals(0, 1, 2, 3, 1000, 1010, 1020), undefined)).toBe(10);
});

test("a load that hangs gets slower", () => {
  expect(rowsPerSecond(arrivals(0, 10, 20), 1_700_000_000_000 + 200_000)).toBe(1);
});

test("one moment is no time to measure", () => {
  expect(rowsPerSecond([], undefined)).toBeUndefined();
  expect(rowsPerSecond(arrivals(0), 1_700_000_005_000)).toBeUndefined();
  expect(rowsPerSecond(arrivals(0, 0), undefined)).toBeUndefined();
});
