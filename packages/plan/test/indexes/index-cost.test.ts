import { expect, test } from "vitest";
import { indexCosts, type SampledIndex } from "../../src/indexes/index-cost.ts";

const MIB = 1 << 20;
const SAMPLED: SampledIndex = {
  namespace: "shop.orders",
  table: "orders",
  index: "by_n",
  columns: ["n"],
  rows: 1000,
  documents: 1000,
  entryBytes: 40,
};
const volume = (items: number) =>
  ({ kind: "collection", database: "shop", name: "orders", items, bytes: 1, indexBytes: 1 }) as const;

test("an index that was not loaded is estimated from the width of its columns", () => {
  const [cost] = indexCosts([SAMPLED], [volume(1_000_000)], []);
  expect(cost).toMatchObject({ table: "orders", index: "by_n", columns: ["n"], isMeasured: false });
  expect(cost).not.toHaveProperty("ms");
  expect(cost!.bytes).toBeGreaterThanOrEqual(40_000_000);
  expect(cost!.bytes).toBeLessThan(50_000_000);
});

test("an index that was loaded grows with the documents, in size and time", () => {
  const measured = { bytes: 4 * MIB, ms: 10 };
  const [cost] = indexCosts([{ ...SAMPLED, measured }], [volume(100_000)], []);
  expect(cost).toMatchObject({ isMeasured: true, bytes: 400 * MIB, ms: 1000 });
});

test("a small index of a part tells nothing of the whole, and that of everything does", () => {
  const measured = { bytes: 4 * MIB - 1, ms: 10 };
  const ofPart = indexCosts([{ ...SAMPLED, measured }], [volume(2000)], []);
  expect(ofPart[0]).toMatchObject({ isMeasured: false });
  const ofAll = indexCosts([{ ...SAMPLED, measured }], [volume(1000)], []);
  expect(ofAll[0]).toMatchObject({ isMeasured: true, bytes: 4 * MIB - 1, ms: 10 });
});

test("an index has the use of its counterpart at the source, and not that of another collection", () => {
  const use = { index: "by_n", uses: 0, since: "2026-11-01T00:00:00.000Z" };
  const costs = (namespace: string) => indexCosts([SAMPLED], [volume(1000)], [{ ...use, namespace }]);
  expect(costs("shop.orders")[0]!.source).toEqual({ uses: 0, since: use.since });
  expect(costs("shop.others")[0]).not.toHaveProperty("source");
});
