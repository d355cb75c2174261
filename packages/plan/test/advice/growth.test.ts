import { expect, test } from "vitest";
import { growthOf } from "../../src/advice/growth.ts";

const GIB = 1 << 30;
const volume = {
  kind: "collection",
  database: "shop",
  name: "orders",
  items: 1000,
  bytes: 1_000_000,
  indexBytes: 0,
} as const;

test("new rows take as much as the rows that are there, and 30 days of them should fit the pool", () => {
  expect(growthOf([{ ...volume, itemsPerDay: 10 }], 3_000_000, 30 * GIB)).toEqual({
    bytesPerDay: 30_000,
    tableBytes: 3_000_000,
    poolBytes: 30 * GIB,
    partsAboveBytesPerDay: GIB,
  });
});

test("growth is not told if no collection tells it", () => {
  expect(growthOf([volume], 3_000_000, GIB)).not.toHaveProperty("bytesPerDay");
});
