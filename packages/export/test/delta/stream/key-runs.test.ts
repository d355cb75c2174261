import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { KeyRuns } from "../../../src/delta/stream/key-runs.ts";

async function all(keys: KeyRuns): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for await (const { key, value } of keys.read()) found.push([key.toString("latin1"), value]);
  return found;
}

test("keys come in the order of their bytes, each with what it was last added with", async () => {
  await using place = await folder();
  const keys = new KeyRuns(join(place.path, "runs"));
  keys.add("b", 1);
  keys.add("\u00ff", 2);
  keys.add("a", 3);
  keys.add("b", Number.POSITIVE_INFINITY);
  expect(await all(keys)).toEqual([
    ["a", 3],
    ["b", Number.POSITIVE_INFINITY],
    ["\u00ff", 2],
  ]);
  expect(await readdir(place.path)).toEqual([]);
});

test("so do those that went to the disk in between, as often as they are read, and what is added later", async () => {
  await using place = await folder();
  const keys = new KeyRuns(join(place.path, "runs"));
  const expected = new Map<string, number>();
  // More runs than are ever kept at once.
  for (let run = 0; run < 80; run++) {
    for (let i = 0; i < 10; i++) {
      const key = `k${(run * 7 + i * 3) % 50}`;
      keys.add(key, run);
      expected.set(key, run);
    }
    await keys.spill();
  }
  const sorted = (): [string, number][] => [...expected].sort(([a], [b]) => (a < b ? -1 : 1));
  expect(await all(keys)).toEqual(sorted());
  expect(await all(keys)).toEqual(sorted());
  keys.add("k1", 1000);
  expected.set("k1", 1000);
  expect(await all(keys)).toEqual(sorted());
  await keys.clear();
  expect(await readdir(place.path)).toEqual([]);
});
