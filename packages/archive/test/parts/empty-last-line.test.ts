import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EmptyLastLine, EmptyLastLines } from "../../src/parts/empty-last-line.ts";
import { readPart } from "../../src/parts/part-reader.ts";
import { readLines } from "../../src/parts/read-lines.ts";
import { sealPlain } from "@firebreak/testing/archives/seal-plain";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "empty-line-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The text that is given on, and whether an empty last line was found, for blocks of so many bytes. */
function through(text: string, blockBytes: number, file = "c/00000.ndjson.zst"): [string, boolean] {
  const line = new EmptyLastLine(file);
  const given: Buffer[] = [];
  for (let at = 0; at < text.length; at += blockBytes)
    given.push(...line.take(Buffer.from(text.slice(at, at + blockBytes))));
  return [Buffer.concat(given).toString(), line.isFound];
}

test.each([1, 2, 3, 4, 100])("one at the end is taken off, in blocks of %i bytes", (blockBytes) => {
  expect(through("{}\n{}\n\n", blockBytes)).toEqual(["{}\n{}\n", true]);
  expect(through("{}\n{}\n", blockBytes)).toEqual(["{}\n{}\n", false]);
  // Two of them, one amid lines, or one alone: for the reader to refuse.
  expect(through("{}\n\n\n", blockBytes)).toEqual(["{}\n\n", true]);
  expect(through("{}\n\n{}\n", blockBytes)).toEqual(["{}\n\n{}\n", false]);
  expect(through("\n", blockBytes)).toEqual(["\n", false]);
  expect(through("{}", blockBytes)).toEqual(["{}", false]);
});

test("CSV is given on as it is", () => {
  expect(through('"a"\n\n', 2, "t/00000.csv.zst.age")).toEqual(['"a"\n\n', false]);
});

async function read(name: string, text: string, lineCount: number): Promise<string[]> {
  const file = join(folder, name);
  const lines: string[] = [];
  const part = { file: name, ...(await sealPlain(file, text, lineCount)) };
  await readLines(
    file,
    part,
    {},
    ({ line }) => void lines.push(line),
    () => undefined,
  );
  return lines;
}

test("a part with one is read, and the process is told of it once however often it is read", async () => {
  const told = new EmptyLastLines();
  expect(await read("sound.ndjson.zst", "{}\n", 1)).toEqual(["{}"]);
  expect(told.take()).toEqual([]);
  for (let i = 0; i < 2; i++) expect(await read("empty.ndjson.zst", "{}\n\n", 1)).toEqual(["{}"]);
  expect(told.take()).toEqual(["empty.ndjson.zst"]);
  expect(told.take()).toEqual([]);
  told.close();
});

test.each([
  ["as a line that is counted", "{}\n\n", 2, "part-content"],
  ["twice", "{}\n\n\n", 1, "line-unreadable"],
  ["amid lines", "{}\n\n{}\n", 2, "line-unreadable"],
])("one %s is refused", async (_, text, lineCount, code) => {
  await expect(read("refused.ndjson.zst", text, lineCount)).rejects.toMatchObject({ code, exitCode: 5 });
});

test("a part whose bytes were changed is refused, not told of", async () => {
  const told = new EmptyLastLines();
  const file = join(folder, "changed.ndjson.zst");
  const sealed = await sealPlain(file, "{}\n\n", 1);
  const reading = async (): Promise<void> => {
    for await (const _ of readPart(file, "changed.ndjson.zst", { ...sealed, plainSha256: "0".repeat(64) }));
  };
  await expect(reading()).rejects.toMatchObject({ code: "part-content", fields: { what: "sha256" } });
  expect(told.take()).toEqual([]);
  told.close();
});

test("what another thread found is told of too", async () => {
  const told = new EmptyLastLines();
  const built = pathToFileURL(join(import.meta.dirname, "../../dist/parts/empty-last-line.js")).href;
  const script = join(folder, "thread.mjs");
  await writeFile(
    script,
    `import { tellEmptyLastLine } from ${JSON.stringify(built)}; tellEmptyLastLine("there");`,
  );
  const worker = new Worker(script);
  await new Promise((resolve) => worker.once("exit", resolve));
  expect(told.take()).toEqual(["there"]);
  told.close();
});
