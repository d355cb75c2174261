import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { dropScratch, LazyPart, readPart, type PartEntry } from "../../src/index.ts";

const KIB = 1024;
/** The most bytes of a part in memory, and of all of them. */
const BLOCK_BYTES = 512 * KIB;
const MOST_BYTES = 32 * KIB * KIB;

async function written(path: string, file: string, bytes: number, isOwn: boolean): Promise<PartEntry> {
  const part = new LazyPart({ folder: path, file, recipients: [], isScratch: true, isOwn });
  await part.write(Buffer.alloc(bytes, "x").fill("\n", bytes - 1), 1);
  return (await part.seal())!;
}

async function lengthOf(path: string, entry: PartEntry): Promise<number> {
  let length = 0;
  for await (const block of readPart(join(path, entry.file), entry.file, entry)) length += block.length;
  return length;
}

test.each([
  [BLOCK_BYTES - 1, true, "memory"],
  [BLOCK_BYTES, true, "a file"],
  [BLOCK_BYTES + 1, true, "a file"],
  [10, false, "a file"],
] as const)("%i bytes, needed by one thread alone: %s, are in %s", async (bytes, isOwn, place) => {
  await using at = await folder();
  const entry = await written(at.path, "below/part.zst", bytes, isOwn);
  expect(existsSync(join(at.path, entry.file))).toBe(place === "a file");
  expect(entry).toMatchObject({ lineCount: 1, plainBytes: bytes });
  expect(await lengthOf(at.path, entry)).toBe(bytes);
  dropScratch(at.path);
});

test("what is more than memory has room for is in files, and everything comes back", async () => {
  await using at = await folder();
  const bytes = BLOCK_BYTES - 1;
  const fit = Math.floor(MOST_BYTES / bytes);
  const entries: PartEntry[] = [];
  for (let i = 0; i <= fit; i++) entries.push(await written(at.path, `${i}.zst`, bytes, true));
  expect(entries.map(({ file }) => existsSync(join(at.path, file)))).toEqual([
    ...Array.from({ length: fit }, () => false),
    true,
  ]);
  for (const entry of entries) expect(await lengthOf(at.path, entry)).toBe(bytes);
  // The parts of another folder stay.
  dropScratch(`${at.path}-other`);
  expect(await lengthOf(at.path, entries[0]!)).toBe(bytes);
  dropScratch(at.path);
  await expect(lengthOf(at.path, entries[0]!)).rejects.toMatchObject({ code: "file-missing" });
});
