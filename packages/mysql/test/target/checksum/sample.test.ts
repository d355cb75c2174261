import fc from "fast-check";
import { expect, test } from "vitest";
import { randomPicks } from "../../../src/target/checksum/sample.ts";

test("as many different numbers are picked as are asked for and there are", () => {
  fc.assert(
    fc.property(fc.nat(50), fc.nat(50), (count, total) => {
      const picks = randomPicks(count, total);
      expect(new Set(picks).size).toBe(Math.min(count, total));
      expect(picks).toEqual([...picks].sort((a, b) => a - b));
      for (const pick of picks) expect(pick >= 0 && pick < total).toBe(true);
    }),
  );
});

test("every number can be picked", () => {
  const picked = new Set(Array.from({ length: 2000 }, () => randomPicks(1, 5)[0]));
  expect(picked).toEqual(new Set([0, 1, 2, 3, 4]));
});
