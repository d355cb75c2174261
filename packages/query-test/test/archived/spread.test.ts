import { expect, test } from "vitest";
import { Spread } from "../../src/archived/spread.ts";

test.each([1, 2, 9, 10, 1000, 12_345])(
  "of %i items it keeps the first, the last and even steps",
  (length) => {
    const spread = new Spread<number>(10);
    for (let i = 0; i < length; i++) spread.add(i);
    const { items } = spread;
    expect(items[0]).toBe(0);
    expect(items.at(-1)).toBe(length - 1);
    expect(items.length).toBeGreaterThanOrEqual(Math.min(length, 10));
    expect(items.length).toBeLessThanOrEqual(20);
    const steps = new Set(items.slice(1, -1).map((item, i) => item - items[i]!));
    expect(steps.size).toBeLessThanOrEqual(1);
  },
);

test("of nothing it keeps nothing", () => {
  expect(new Spread<number>(10).items).toEqual([]);
});
