import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PartEntry } from "../../src/manifest/schema-parts.ts";
import { readLines, type HugeTurn } from "../../src/parts/read-lines.ts";
import { sealPlain } from "@firebreak/testing/archives/seal-plain";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function partOf(text: string, lineCount: number): Promise<{ file: string; part: PartEntry }> {
  const file = join(folder, `${count++}.ndjson.zst`);
  return { file, part: { file, ...(await sealPlain(file, text, lineCount)) } };
}

interface Seen {
  readonly number: number;
  readonly names: readonly string[];
  readonly content: string;
}

async function linesOf(text: string, lineCount: number, reading: Parameters<typeof readLines>[2] = {}) {
  const { file, part } = await partOf(text, lineCount);
  const seen: Seen[] = [];
  let [blockLines, blockBytes] = [0, 0];
  await readLines(
    file,
    part,
    reading,
    ({ number, fields }) =>
      seen.push({
        number,
        names: fields.names.slice(0, fields.count),
        content: Buffer.from(fields.contents.slice(0, fields.count).join(), "latin1").toString(),
      }),
    (lines, bytes) => {
      blockLines += lines;
      blockBytes += bytes;
    },
  );
  return { seen, blockLines, blockBytes, plainBytes: part.plainBytes };
}

/** Huge from 8 MiB on. */
const value = "aé\\n".repeat(2 << 20);
const huge = `{"a":"${value}","b":null}`;

test("huge lines come whole and in their place, also one behind the other and amid small ones", async () => {
  const lines = ['{"s":"1"}', huge, '{"s":"2"}', huge, huge, '{"s":"3"}'];
  const turns: string[] = [];
  const hugeTurn: HugeTurn = {
    take: async () => void turns.push("take"),
    give: () => void turns.push("give"),
  };
  const { seen, blockLines, blockBytes, plainBytes } = await linesOf(`${lines.join("\n")}\n`, 6, {
    hugeTurn,
  });
  expect(seen.map(({ number, names }) => [number, names.join()])).toEqual([
    [1, "s"],
    [2, "a,b"],
    [3, "s"],
    [4, "a,b"],
    [5, "a,b"],
    [6, "s"],
  ]);
  for (const i of [1, 3, 4]) expect(seen[i]!.content === `${value},null`, `line ${i + 1}`).toBe(true);
  expect([blockLines, blockBytes]).toEqual([6, plainBytes]);
  // A turn is taken before it is given, and none is kept.
  expect(turns.join().replaceAll("take,give", "").replaceAll(",", "")).toBe("");
  expect(turns).toContain("take");
});

test("a huge line without its end is missed, and the turn is given back", async () => {
  const turns: string[] = [];
  const hugeTurn: HugeTurn = {
    take: async () => void turns.push("take"),
    give: () => void turns.push("give"),
  };
  await expect(linesOf(`{}\n${huge}`, 2, { hugeTurn })).rejects.toMatchObject({
    code: "part-content",
    fields: { what: "lines", expected: "2", found: "1" },
  });
  expect(turns).toEqual(["take", "give"]);
});

test("of a part whose beginning is enough no more than that is read, and nothing is missed", async () => {
  const { seen, plainBytes, blockBytes } = await linesOf('{"s":"1"}\n'.repeat(400_000), 400_000, {
    onlyBytes: 1,
  });
  expect(seen.length).toBeGreaterThan(0);
  expect(blockBytes).toBeLessThan(plainBytes / 2);
});

test("a line that cannot be read is the line's fault only where the part's bytes are those that were sealed", async () => {
  // The bad line comes first, and the part's end is blocks away.
  const text = `{"a":\n${`{"a":"${"x".repeat(1000)}"}\n`.repeat(2000)}`;
  const { file, part } = await partOf(text, 2001);
  const reading = (entry: PartEntry): Promise<void> =>
    readLines(
      file,
      entry,
      {},
      () => undefined,
      () => undefined,
    );
  await expect(reading(part)).rejects.toMatchObject({ code: "line-unreadable", fields: { line: 1 } });
  const other = { ...part, plainSha256: "0".repeat(64) };
  await expect(reading(other)).rejects.toMatchObject({ code: "part-content", fields: { what: "sha256" } });
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, -20));
  await expect(reading(part)).rejects.toMatchObject({
    code: expect.stringMatching(/^(part-undecodable|file-size)$/),
  });
});
