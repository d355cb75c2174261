import { expect, test } from "vitest";
import { chooseValues } from "../../src/generic/choose-values.ts";

const values = [
  "first",
  ...Array.from({ length: 50 }, (_, i) => `v${i}`),
  "hot",
  "hot",
  "hot",
  "warm",
  "warm",
  "last",
];

test("the most frequent values, rare ones, the first and the last are chosen, each once", () => {
  const chosen = chooseValues(values, (value) => value, 12);
  expect(chosen).toHaveLength(12);
  expect(new Set(chosen).size).toBe(12);
  expect(chosen.slice(0, 2)).toEqual(["hot", "warm"]);
  expect(chosen).toContain("first");
  expect(chosen).toContain("last");
});

test("all are chosen if there are few", () => {
  expect(chooseValues(["b", "a", "b"], (value) => value, 12).toSorted()).toEqual(["a", "b"]);
  expect(chooseValues([], String, 12)).toEqual([]);
});
