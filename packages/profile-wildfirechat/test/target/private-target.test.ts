import fc from "fast-check";
import { expect, test } from "vitest";
import { pairOf, receiversOf } from "../../src/target/private-target.ts";

const uid = fc.string({ unit: fc.constantFrom("a", "b", "|", "_", "B", "😀"), maxLength: 5 });

test("a pair that was composed splits into its other half", () => {
  fc.assert(
    fc.property(uid, uid, (one, other) => {
      const receivers = receiversOf(pairOf(one, other), one);
      expect(receivers).toContain(other);
      for (const receiver of receivers) expect(pairOf(one, receiver)).toBe(pairOf(one, other));
    }),
  );
});

test("uids without | split in one way only", () => {
  const plain = fc.string({ unit: fc.constantFrom("a", "b", "_", "B", "😀"), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(plain, plain, (one, other) => {
      expect(receiversOf(pairOf(one, other), one)).toEqual([other]);
    }),
  );
});

test("uids that begin and end with | can be read in two ways, and both are given", () => {
  expect(pairOf("a||a", "a|")).toBe(pairOf("a||a", "|a"));
  expect(receiversOf("a||a||a", "a||a").toSorted()).toEqual(["a|", "|a"].toSorted());
});

test.each([
  ["nobody|stranger", "someone"],
  ["b|a", "a"],
  ["ab", "a"],
  ["", "a"],
  ["a", "a"],
])("%j is no pair of %j", (pair, sender) => {
  expect(receiversOf(pair, sender)).toEqual([]);
});
