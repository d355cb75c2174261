import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PartWriter, type PartEntry } from "@firebreak/archive";
import { matchingLines } from "../src/matching-lines.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "matching-"));
});
afterAll(() => rm(folder, { recursive: true }));

let parts = 0;
async function partOf(lines: readonly string[]): Promise<{ file: string; part: PartEntry }> {
  const file = join(folder, String(parts++));
  const writer = await PartWriter.open(file);
  for (const line of lines) await writer.write(Buffer.from(`${line}\n`), 1);
  return { file, part: { file, ...(await writer.seal()) } };
}

async function find(lines: readonly string[], text: string): Promise<string[]> {
  const { file, part } = await partOf(lines);
  const found: Buffer[] = [];
  for await (const { lines: some } of matchingLines(file, part, Buffer.from(text))) found.push(...some);
  return Buffer.concat(found).toString("utf8").split("\n").slice(0, -1);
}

test("are those that contain the text, in their order, each once, whatever they are", async () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", "é", "群", "\\n"), maxLength: 12 });
  const text = fc.string({ unit: fc.constantFrom("a", "b", "é", "群"), maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), text, async (lines, looked) => {
      expect(await find(lines, looked)).toEqual(lines.filter((l) => l.includes(looked)));
    }),
    { numRuns: 60 },
  );
});

test("are found where they lie across blocks of the part", async () => {
  // Blocks have 256 KiB: these lines end before, at and behind their borders, one is over several.
  for (const filler of [262_100, 262_143, 262_144, 262_150, 900_000]) {
    const lines = [
      "x".repeat(filler),
      `before needle after${"y".repeat(300_000)}`,
      "z",
      "needle",
      "nee",
      "dle",
    ];
    expect(await find(lines, "needle")).toEqual([lines[1], lines[3]]);
  }
});

test("are never found across a line's end", async () => {
  expect(await find(["one", "two"], "one\ntwo")).toEqual([]);
});

test("of a damaged part end with an error that names it", async () => {
  const { file, part } = await partOf(["a", "b"]);
  const read = async (): Promise<void> => {
    for await (const _ of matchingLines(file, { ...part, plainSha256: "0".repeat(64) }, Buffer.from("a")));
  };
  await expect(read()).rejects.toMatchObject({ exitCode: 5, fields: { file } });
});
