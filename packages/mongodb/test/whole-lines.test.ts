import { expect, test } from "vitest";
import { wholeLines } from "../src/whole-lines.ts";

const text = "first\n\nthird, with 长 in it\nlast without an end";

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test.each([1, 2, 3, 7, 1000])("blocks of %i bytes become blocks of whole lines", async (size) => {
  const blocks: string[] = [];
  for await (const block of wholeLines(cut(Buffer.from(text), size))) blocks.push(block.toString("utf8"));
  expect(blocks.join("")).toBe(text);
  for (const block of blocks.slice(0, -1)) expect(block.endsWith("\n")).toBe(true);
});
