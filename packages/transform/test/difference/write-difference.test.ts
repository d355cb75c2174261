import { readdir } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPart, sha256BytesOf, type PartEntry } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import type { Item } from "@firebreak/items";
import { writeDifference, type Difference, type Side } from "../../src/difference/write-difference.ts";

type Values = readonly (readonly [key: string, value: string])[];

/** A side that counts how often it is read, in blocks of three items. */
function sideOf(values: Values): Side & { readings: number } {
  const items = values.map(([key, value]): Item => ({
    key,
    hash: () => sha256BytesOf(value),
    keyLine: () => `${key}\n`,
    line: () => `${key},${value}\n`,
  }));
  return {
    lineCount: items.length,
    readings: 0,
    async *items() {
      this.readings++;
      for (let at = 0; at < items.length; at += 3) yield items.slice(at, at + 3);
    },
  };
}

interface Written extends Pick<Difference, "goneCount"> {
  readonly keys: readonly string[];
  readonly items: readonly string[];
}

async function differenceOf(old: Side, fresh: Side, runBytes?: number): Promise<Written> {
  await using place = await folder();
  const scratch = join(place.path, "scratch");
  const settings = runBytes === undefined ? {} : { runBytes };
  const files = { folder: place.path, recipients: [], keysFile: "keys", itemsFile: "items", scratch };
  const { keys, items, goneCount } = await writeDifference(old, fresh, { ...files, ...settings });
  expect(await readdir(place.path)).not.toContain("scratch");
  const linesOf = async (part: PartEntry | undefined): Promise<string[]> => {
    if (part === undefined) return [];
    const read: Buffer[] = [];
    for await (const bytes of readPart(join(place.path, part.file), part.file, part, {})) read.push(bytes);
    const lines = Buffer.concat(read).toString("latin1").split("\n").slice(0, -1);
    expect(lines).toHaveLength(part.lineCount);
    return lines;
  };
  return { keys: await linesOf(keys), items: await linesOf(items), goneCount };
}

/** Returns the same by comparing the texts of all items of each key. */
function expectedOf(old: Values, fresh: Values): Written {
  const textOf = (side: Values, key: string): string =>
    JSON.stringify(side.flatMap(([k, value]) => (k === key ? [value] : [])).toSorted());
  const differs = (key: string): boolean => textOf(old, key) !== textOf(fresh, key);
  const keys = [...new Set(old.map(([key]) => key))].filter(differs);
  return {
    keys,
    items: fresh.flatMap(([key, value]) => (differs(key) ? [`${key},${value}`] : [])),
    goneCount: keys.filter((key) => textOf(fresh, key) === "[]").length,
  };
}

const values = fc.array(
  fc.tuple(fc.constantFrom(..."abcdefghijklmnop".split("")), fc.constantFrom("1", "2", "3")),
);

test("keys that no new item comes for are counted, however many new ones have no key", async () => {
  const { keys, items, goneCount } = await differenceOf(
    sideOf(Object.entries({ kept: "1", changed: "1", gone: "1", goneToo: "1" })),
    sideOf(Object.entries({ kept: "1", changed: "2", new1: "1", new2: "1", new3: "1" })),
  );
  expect({ goneCount, keys: keys.length, items: items.length }).toEqual({ goneCount: 2, keys: 3, items: 4 });
});

describe.each([
  ["in memory", undefined],
  ["on the disk, in many runs", 200],
])("sides that are sorted %s", (_, runBytes) => {
  test("differ by the keys whose items differ, each named once, all in the order of the sides", () =>
    fc.assert(
      fc.asyncProperty(values, values, async (old, fresh) => {
        expect(await differenceOf(sideOf(old), sideOf(fresh), runBytes)).toEqual(expectedOf(old, fresh));
      }),
      { numRuns: 40 },
    ));

  test("are read twice at most, however much differs", async () => {
    const count = 3000;
    const numbered = (value: string): Values => Array.from({ length: count }, (__, i) => [`${i}`, value]);
    const [old, fresh] = [sideOf(numbered("1")), sideOf(numbered("2"))];
    const { keys, items } = await differenceOf(old, fresh, runBytes);
    expect([keys.length, items.length, old.readings, fresh.readings]).toEqual([count, count, 2, 2]);
  });

  test("that are the same are read once", async () => {
    const same: Values = [
      ["b", "1"],
      ["a", "1"],
      ["a", "2"],
    ];
    const [old, fresh] = [sideOf(same), sideOf(same.toReversed())];
    expect(await differenceOf(old, fresh, runBytes)).toEqual({ keys: [], items: [], goneCount: 0 });
    expect([old.readings, fresh.readings]).toEqual([1, 1]);
  });
});

test("items of a key that fill a run, one byte less and one byte more, differ alike", async () => {
  const old = Array.from({ length: 20 }, (_, i) => [`${i % 7}`, `${i}`] as const);
  const fresh = old.map(([key, value], i) => [key, i === 13 ? "other" : value] as const);
  // A line in memory has a key of 16 bytes, 38 bytes of hash and place, and 13 bytes beside.
  for (const more of [-1, 0, 1])
    expect(await differenceOf(sideOf(old), sideOf(fresh), 10 * 67 + more)).toEqual(expectedOf(old, fresh));
});
