import { expect, test } from "vitest";
import { sha256BytesOf } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import type { Item } from "@firebreak/items";
import { writeDifference, type Side } from "../../src/difference/write-difference.ts";

function sideOf(values: Readonly<Record<string, string>>): Side {
  const items = Object.entries(values).map(([key, value]): Item => ({
    key,
    hash: () => sha256BytesOf(value),
    keyLine: () => `${key}\n`,
    line: () => `${key},${value}\n`,
  }));
  return {
    lineCount: items.length,
    items: async function* () {
      yield items;
    },
  };
}

test("keys that no new item comes for are counted, however many new ones have no key", async () => {
  await using place = await folder();
  const { keys, items, goneCount } = await writeDifference(
    sideOf({ kept: "1", changed: "1", gone: "1", goneToo: "1" }),
    sideOf({ kept: "1", changed: "2", new1: "1", new2: "1", new3: "1" }),
    { folder: place.path, recipients: [], keysFile: "keys", itemsFile: "items" },
  );
  expect({ goneCount, keys: keys?.lineCount, items: items?.lineCount }).toEqual({
    goneCount: 2,
    keys: 3,
    items: 4,
  });
});
