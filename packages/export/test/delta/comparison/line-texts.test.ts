import { LineBuffer } from "@firebreak/archive";
import { expect, test } from "vitest";
import { lineTexts } from "../../../src/delta/comparison/line-texts.ts";
import type { ItemLines } from "@firebreak/items";

const GIVEN_BYTES = 256 * 1024;

function plainLines(): ItemLines<string> {
  const out = new LineBuffer();
  const write = (text: string): readonly [] => {
    out.put(Buffer.from(text, "latin1"));
    return [];
  };
  return { out, write, isHuge: () => false };
}

async function* batchesOf(...batches: readonly string[][]): AsyncGenerator<readonly string[]> {
  yield* batches;
}

test.each([-1, 0, 1])("a batch is given in pieces (%i bytes more than fill one)", async (more) => {
  const full = "x".repeat(GIVEN_BYTES - 1 + more);
  const given: (readonly string[])[] = [];
  for await (const texts of lineTexts(batchesOf(["a", full, "b", "c"], [], ["\u00ff"]), plainLines()))
    given.push(texts);
  expect(given).toEqual(
    more < 0 ? [["a", full, "b"], ["c"], ["\u00ff"]] : [["a", full], ["b", "c"], ["\u00ff"]],
  );
});
