import { archiveFault, HUGE_BYTES, reasonOf, type HugeTurn } from "@firebreak/archive";
import { expect, test } from "vitest";
import { saying } from "@firebreak/testing/command-line/worded";
import { wholeLines } from "../../src/source/whole-lines.ts";

const text = "first\n\nthird, with 长 in it\nlast without an end";

async function* cut(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Copies: a block is valid until the next one. */
async function blocksOf(bytes: Buffer, size: number, hugeTurn?: HugeTurn): Promise<Buffer[]> {
  const blocks: Buffer[] = [];
  for await (const lines of wholeLines(cut(bytes, size), { plainBytes: bytes.length, hugeTurn })) {
    blocks.push(Buffer.from(lines.bytes));
    lines.release();
  }
  return blocks;
}

function turnsNoted(): { readonly turns: string[]; readonly hugeTurn: HugeTurn } {
  const turns: string[] = [];
  return {
    turns,
    hugeTurn: { take: async () => void turns.push("take"), give: () => void turns.push("give") },
  };
}

test.each([1, 2, 3, 7, 1000])("blocks of %i bytes become blocks of whole lines", async (size) => {
  const blocks = (await blocksOf(Buffer.from(text), size)).map((block) => block.toString("utf8"));
  expect(blocks.join("")).toBe(text);
  for (const block of blocks.slice(0, -1)) expect(block.endsWith("\n")).toBe(true);
});

const SIZE = 256 * 1024;

/** A line ends in the block after those that made it huge. */
const EDGE = HUGE_BYTES + 1;

test.each([
  ["is a byte short of huge", HUGE_BYTES - 1, 0],
  ["ends with the block that would make it huge", HUGE_BYTES, 0],
  ["is huge", EDGE, 1],
])("a line with its end that %s comes whole, after %i bytes, with %i turns", async (_, length, count) => {
  const { turns, hugeTurn } = turnsNoted();
  const line = Buffer.from(`${"x".repeat(length - 1)}\n`);
  const bytes = Buffer.concat([line, Buffer.from("next\n")]);
  const blocks = await blocksOf(bytes, SIZE, hugeTurn);
  expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
  for (const block of blocks) expect(block.at(-1)).toBe(0x0a);
  expect(turns).toEqual(count === 0 ? [] : ["take", "give"]);
});

test("huge lines behind each other, amid small ones and at the end without a newline come whole, each in its turn", async () => {
  const huge = "y".repeat(HUGE_BYTES + 2 * SIZE);
  const { turns, hugeTurn } = turnsNoted();
  const bytes = Buffer.from(`a\n${huge}\n${huge}\nb\nc\n${huge}`);
  const blocks = await blocksOf(bytes, SIZE, hugeTurn);
  expect(Buffer.concat(blocks).equals(bytes)).toBe(true);
  expect(turns).toEqual(["take", "give", "take", "give", "take", "give"]);
});

test("whoever stops at a huge line, or fails in it, gives the turn back", async () => {
  const bytes = Buffer.from(`${"z".repeat(2 * HUGE_BYTES)}\nrest\n`);
  const stopped = turnsNoted();
  for await (const lines of wholeLines(cut(bytes, SIZE), {
    plainBytes: bytes.length,
    hugeTurn: stopped.hugeTurn,
  })) {
    expect(lines.bytes).toHaveLength(2 * HUGE_BYTES + 1);
    expect(stopped.turns).toEqual(["take"]);
    break;
  }
  expect(stopped.turns).toEqual(["take", "give"]);

  const failed = turnsNoted();
  const reading = wholeLines(cut(bytes, SIZE), {
    plainBytes: HUGE_BYTES,
    hugeTurn: failed.hugeTurn,
    unreadable: (error) =>
      archiveFault("line-unreadable", { file: "part", line: 1, reason: reasonOf(error) }),
  });
  await expect(reading.next()).rejects.toThrow(saying("it is longer than"));
  expect(failed.turns).toEqual(["take", "give"]);
});
