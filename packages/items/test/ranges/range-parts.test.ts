import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PartEntry, readPart } from "@firebreak/archive";
import { FLUSH_BYTES } from "../../src/ranges/part-sequence.ts";
import { RangeParts } from "../../src/ranges/range-parts.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "range-parts-"));
});
afterAll(() => rm(folder, { recursive: true }));

const MIB = 1 << 20;
let made = 0;

async function open(partBytes: number): Promise<{ parts: RangeParts; out: string }> {
  const out = join(folder, String(made++));
  await mkdir(join(out, "c"), { recursive: true });
  return { out, parts: new RangeParts({ out, directory: "c", recipients: [], partBytes }) };
}

/** A line of so many bytes, its newline not counted. */
function lineOf(bytes: number): string {
  return `{"a":"${"x".repeat(bytes - 8)}"}`;
}

async function plainOf(out: string, part: PartEntry): Promise<string> {
  const blocks: Buffer[] = [];
  for await (const block of readPart(join(out, part.file), part.file, part)) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks).toString("latin1");
}

async function written(lines: readonly string[], partBytes = 64 * MIB): Promise<string[]> {
  const { parts, out } = await open(partBytes);
  for (const line of lines) await parts.write(line, 0);
  const entries = await parts.finish();
  const plain = await Promise.all(entries.map((part) => plainOf(out, part)));
  entries.forEach((part, i) => {
    expect(part.lineCount).toBe(plain[i]!.split("\n").length - 1);
    // What `readPart` gives is all there is: no line end is left over that a reader has to pass over.
    expect(part.plainBytes).toBe(plain[i]!.length);
  });
  return plain;
}

const KIB_LINES = FLUSH_BYTES / 1024;
test.each([
  ["one byte less than the buffer", [...Array<number>(KIB_LINES - 1).fill(1023), 1022]],
  ["just the buffer", Array<number>(KIB_LINES).fill(1023)],
  ["one byte more than the buffer", [...Array<number>(KIB_LINES - 1).fill(1023), 1024]],
  ["just the buffer, twice", Array<number>(2 * KIB_LINES).fill(1023)],
  ["the buffer in one line", [FLUSH_BYTES - 1]],
  ["more than the buffer in each line", [FLUSH_BYTES + 1, 600_000, FLUSH_BYTES]],
])("a last line that fills %s is followed by no empty line", async (_, sizes) => {
  const lines = sizes.map(lineOf);
  expect(await written(lines)).toEqual([lines.map((l) => `${l}\n`).join("")]);
});

test.each([-1, 0, 1])("a part ends behind the line that reaches its size (%i bytes off)", async (off) => {
  const partBytes = MIB;
  // Two lines of half a part, the second of which is a byte shorter or longer.
  const lines = [lineOf(partBytes / 2 - 1), lineOf(partBytes / 2 - 1 + off), lineOf(100)];
  const plain = await written(lines, partBytes);
  const ends = off < 0 ? [3] : [2, 3];
  expect(plain.map((text) => text.split("\n").length - 1)).toEqual(
    ends.map((end, i) => end - (ends[i - 1] ?? 0)),
  );
  expect(plain.join("")).toBe(lines.map((l) => `${l}\n`).join(""));
});

test("each range has parts of its own, also where the one before ended with a full buffer", async () => {
  const { parts, out } = await open(64 * MIB);
  for (let i = 0; i < KIB_LINES; i++) await parts.write(lineOf(1023), 0);
  await parts.write(lineOf(50), 2);
  const entries = await parts.finish();
  expect(entries.map((p) => [p.file, p.lineCount])).toEqual([
    ["c/00000.ndjson.zst", KIB_LINES],
    ["c/00002.ndjson.zst", 1],
  ]);
  for (const part of entries) expect((await plainOf(out, part)).length).toBe(part.plainBytes);
});

test.each([
  ["is cut off", '{"a":"b'],
  ["has another spelling", '{"a": null}'],
  ["is empty", ""],
  ["has a newline in it", "{}\n{}"],
])("a line that %s is not sealed again", async (_, line) => {
  const { parts, out } = await open(64 * MIB);
  await parts.write("{}", 0);
  await expect(parts.write(line, 0)).rejects.toMatchObject({
    code: "line-unproved",
    exitCode: 5,
    fields: { file: "c/00000.ndjson.zst", line: 2 },
  });
  await parts.abandon();
  expect(await readdir(join(out, "c"))).toEqual([]);
});
