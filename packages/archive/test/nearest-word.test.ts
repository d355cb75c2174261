import { expect, test } from "vitest";
import { nearestWord } from "../src/nearest-word.ts";

const WORDS = ["include", "exclude", "archive", "jobs"];

test.each([
  ["include-db", "include"],
  ["archiev", "archive"],
  ["job", "jobs"],
  ["exlcude", "exclude"],
])("%s most likely means %s", (word, nearest) => {
  expect(nearestWord(word, WORDS)).toBe(nearest);
});

test("a word that is unlike all others has none", () => {
  expect(nearestWord("zzzz", WORDS)).toBeUndefined();
  expect(nearestWord("x", [])).toBeUndefined();
});
