import { expect, test } from "vitest";
import { sharesOf } from "../../src/time/sample.ts";
import type { Volume } from "../../src/plan-record.ts";

const volume = (name: string, items: number, bytes: number): Volume => ({
  kind: "collection",
  database: "shop",
  name,
  items,
  bytes,
  indexBytes: 0,
});

test("collections give documents by their sizes, and small ones some as well", () => {
  const shares = sharesOf(
    [volume("big", 10_000, 900_000), volume("few", 1000, 100_000), volume("tiny", 5, 500)],
    100_050,
  );
  expect(shares).toEqual([
    { namespace: "shop.big", documents: 1000 },
    { namespace: "shop.few", documents: 100 },
    { namespace: "shop.tiny", documents: 5 },
  ]);
});

test("a sample that has room for all has all", () => {
  expect(sharesOf([volume("a", 300, 1000), volume("empty", 0, 0)], 1000)).toEqual([
    { namespace: "shop.a", documents: 300 },
    { namespace: "shop.empty", documents: 0 },
  ]);
});
