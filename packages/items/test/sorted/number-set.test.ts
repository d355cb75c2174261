import fc from "fast-check";
import { expect, test } from "vitest";
import { NumberSet } from "../../src/index.ts";

const anyNumber = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);

test("a set has the numbers that were added, and no others", () => {
  fc.assert(
    fc.property(fc.array(anyNumber, { maxLength: 2000 }), anyNumber, (numbers, other) => {
      const set = new NumberSet();
      for (const number of numbers) set.add(number);
      expect(numbers.every((number) => set.has(number))).toBe(true);
      expect(set.has(other)).toBe(numbers.includes(other));
    }),
    { numRuns: 20 },
  );
});

test("a set that was asked takes more", () => {
  const set = new NumberSet();
  set.add(7n);
  expect(set.has(3n)).toBe(false);
  for (let i = 0n; i < 2000n; i++) set.add(-i);
  expect([7n, -1999n, 0n].every((number) => set.has(number))).toBe(true);
  expect(set.has(-2000n)).toBe(false);
});
