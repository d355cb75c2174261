import { expect, test } from "vitest";
import { partsOf } from "../../src/time/probe.ts";

const PART = 64 * 1024 * 1024;

test.each([
  [[], 1],
  [[0], 1],
  [[PART - 1], 1],
  [[PART], 1],
  [[PART + 1], 2],
  [[1, PART + 1, 3 * PART], 6],
])("collections of %j bytes make an archive of %i parts", (sizes, parts) => {
  const volumes = sizes.map((bytes) => ({
    kind: "collection" as const,
    database: "d",
    name: "c",
    items: 1,
    bytes,
    indexBytes: 0,
  }));
  expect(partsOf(volumes)).toBe(parts);
});
