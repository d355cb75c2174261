import { expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { LineCheck } from "../src/line-check.ts";

function checked(blocks: readonly Buffer[]): LineCheck {
  const check = new LineCheck(blocks.reduce((sum, b) => sum + b.length, 0));
  for (const block of blocks) check.take(block);
  check.end();
  return check;
}

/** The same bytes in blocks of `size`. */
function inBlocks(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  );
}

const sound = Buffer.from('{"a":null}\n{"a":"哈哈"}\n{}\n');

test.each([1, 2, 7, 1000])("lines are counted and decoded, in blocks of %d bytes", (size) => {
  const { lineCount, unreadable } = checked(inBlocks(sound, size));
  expect({ lineCount, unreadable }).toEqual({ lineCount: 3, unreadable: undefined });
});

test("a part without lines has none that is unreadable", () => {
  expect(checked([]).lineCount).toBe(0);
  expect(checked([]).unreadable).toBeUndefined();
});

test.each([1, 2, 7, 1000])("the first line that does not decode is named, in blocks of %d bytes", (size) => {
  const { lineCount, unreadable } = checked(
    inBlocks(Buffer.from('{"a":null}\n{"a": null}\n{"b":1}\n{}\n'), size),
  );
  expect({ lineCount, unreadable }).toEqual({
    lineCount: 4,
    unreadable: { line: 2, reason: worded("a value was expected at byte 6") },
  });
});

test("an empty line is none", () => {
  expect(checked([Buffer.from("{}\n\n{}\n")]).unreadable).toEqual({
    line: 2,
    reason: worded("{ was expected where it ends"),
  });
});

test.each([1, 1000])("a last line without its newline is unreadable, in blocks of %d bytes", (size) => {
  const { lineCount, unreadable } = checked(inBlocks(Buffer.from("{}\n{}"), size));
  expect({ lineCount, unreadable }).toEqual({
    lineCount: 1,
    unreadable: { line: 2, reason: worded("it has no newline") },
  });
});

/** Huge from 8 MiB on. */
const huge = `{"a":"${"é".repeat(5 << 20)}"}`;
const BLOCK = 256 * 1024;

test("huge lines are decoded as others are, also one behind the other and amid small ones", () => {
  const lines = ["{}", huge, '{"b":null}', huge, huge, "{}"];
  const { lineCount, unreadable } = checked(inBlocks(Buffer.from(`${lines.join("\n")}\n`), BLOCK));
  expect({ lineCount, unreadable }).toEqual({ lineCount: 6, unreadable: undefined });
});

test("a huge line that does not decode is named, and so is one without its newline", () => {
  const spoilt = `${huge.slice(0, -1)},"b":1}`;
  const inside = checked(inBlocks(Buffer.from(`{}\n${spoilt}\n{}\n`), BLOCK));
  expect(inside.lineCount).toBe(3);
  expect(inside.unreadable).toMatchObject({
    line: 2,
    reason: worded(expect.stringContaining("was expected")),
  });
  expect(checked(inBlocks(Buffer.from(`{}\n${huge}`), BLOCK)).unreadable).toEqual({
    line: 2,
    reason: worded("it has no newline"),
  });
});
