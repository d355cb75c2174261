import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPart } from "../../src/parts/part-reader.ts";
import { PartWriter, type SealedPart } from "../../src/parts/part-writer.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "part-"));
});
afterAll(() => rm(folder, { recursive: true }));

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** Hard to compress, so that a flipped byte is likely in the middle of a block. */
function content(bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, i) =>
    createHash("sha256").update(String(i)).digest(),
  );
  return Buffer.concat([...blocks.slice(0, bytes), Buffer.alloc(1)])
    .subarray(0, bytes)
    .fill("\n", Math.max(0, bytes - 1));
}

async function written(
  name: string,
  plain: Buffer,
  step = 100_000,
): Promise<{ file: string; sealed: SealedPart }> {
  const file = join(folder, name);
  const writer = await PartWriter.open(file);
  for (let at = 0; at < plain.length; at += step) {
    const block = plain.subarray(at, at + step);
    await writer.write(block, block.filter((byte) => byte === 0x0a).length);
  }
  return { file, sealed: await writer.seal() };
}

async function read(file: string, sealed: SealedPart): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of readPart(file, "the part", sealed)) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks);
}

/** The first block of a writer, all its blocks, and what the reader takes in one piece: at, below and above. */
const SIZES = [16, 256, 512, 1024, 2048].flatMap((kib) => [-1, 0, 1].map((more) => kib * 1024 + more));

test.each([0, 1, ...SIZES, 3_000_000])("a part of %d bytes comes back", async (bytes) => {
  const plain = content(bytes);
  const { file, sealed } = await written(`whole-${bytes}`, plain);
  expect(sealed).toMatchObject({ plainBytes: bytes, plainSha256: sha256(plain) });
  const stored = await readFile(file);
  expect([sealed.bytes, sealed.sha256]).toEqual([stored.length, sha256(stored)]);
  expect((await read(file, sealed)).equals(plain)).toBe(true);
});

test("the same bytes give the same file, however they were handed over", async () => {
  const plain = content(1_000_003);
  const { sealed: a } = await written("steps-a", plain, 7_919);
  const { sealed: b } = await written("steps-b", plain, 1_000_003);
  expect(a).toEqual(b);
});

test("a part that was never sealed leaves no file under its own name", async () => {
  const writer = await PartWriter.open(join(folder, "dropped"));
  await writer.write(Buffer.from("a line\n"), 1);
  expect((await readdir(folder)).filter((n) => n.startsWith("dropped"))).toEqual(["dropped.partial"]);
  await writer.abandon();
  expect((await readdir(folder)).filter((n) => n.startsWith("dropped"))).toEqual([]);
});

test.each([
  ["fewer than were written", "{}\n", 2, 1],
  ["more than were written", "{}\n\n", 1, 2],
  ["one that was not", "\n", 0, 1],
])("where %s end, the part is not written", async (_, text, lineCount, found) => {
  const writer = await PartWriter.open(join(folder, "miscounted.ndjson.zst"));
  await writer.write(Buffer.from("{}\n"), 1);
  await expect(writer.write(Buffer.from(text), lineCount)).rejects.toMatchObject({
    code: "part-miscounted",
    exitCode: 1,
    fields: { expected: lineCount, found },
  });
  await writer.abandon();
});

test("a part that ends amid a line is not sealed", async () => {
  const writer = await PartWriter.open(join(folder, "open.ndjson.zst"));
  await writer.write(Buffer.from("{}\n{"), 1);
  await expect(writer.seal()).rejects.toMatchObject({ code: "part-miscounted", fields: { line: 2 } });
  await writer.abandon();
  expect((await readdir(folder)).filter((n) => n.startsWith("open"))).toEqual([]);
});

test.each([
  [0, 0],
  [2, 0],
  [3, 1],
  [4, 1],
  [5, 1],
  [6, 2],
])("of a binary part with records of 3 bytes, %i bytes are %i records", async (length, count) => {
  const file = join(folder, `records-${length}`);
  const writer = await PartWriter.openWith(file, { recipients: [], recordBytes: 3 });
  const bytes = Buffer.alloc(length, "\n");
  await expect(writer.write(bytes, count + 1)).rejects.toMatchObject({
    code: "part-miscounted",
    fields: { expected: count + 1, found: count },
  });
  await writer.abandon();
  const right = await PartWriter.openWith(file, { recipients: [], recordBytes: 3 });
  await right.write(bytes.subarray(0, 1), 0);
  await right.write(bytes.subarray(1), count);
  if (length % 3 === 0) {
    const sealed = await right.seal();
    expect(sealed.lineCount).toBe(count);
    expect((await read(file, sealed)).equals(bytes)).toBe(true);
  } else {
    await expect(right.seal()).rejects.toMatchObject({ code: "part-miscounted" });
    await right.abandon();
  }
});

const plain = content(700_000);
/** A way to damage a file, and the faults that tell of it. */
const damages: readonly [string, (file: string, sealed: SealedPart) => Promise<void>, string[]][] = [
  ["truncated by a byte", (file, s) => truncate(file, s.bytes - 1), ["part-undecodable", "file-size"]],
  [
    "truncated by half",
    (file, s) => truncate(file, Math.floor(s.bytes / 2)),
    ["part-undecodable", "file-size"],
  ],
  ["emptied", (file) => truncate(file, 0), ["part-undecodable", "file-size"]],
  ["with bytes after its frame", (file) => appendFile(file, "more"), ["file-size", "part-undecodable"]],
  [
    "with a second frame",
    (file) => appendFile(file, zstdCompressSync("more")),
    ["file-size", "part-undecodable", "part-content"],
  ],
  [
    "replaced by another whole part",
    (file) => writeFile(file, zstdCompressSync("else")),
    ["file-size", "file-hash", "part-content"],
  ],
  ["missing", (file) => rm(file), ["file-missing"]],
];

test.each(damages)("a part %s is refused by name", async (title, damage, codes) => {
  const { file, sealed } = await written(`damaged ${title}`, plain);
  await damage(file, sealed);
  const error: unknown = await read(file, sealed).catch((e: unknown) => e);
  expect(error).toMatchObject({ exitCode: 5, fields: { file: "the part" } });
  expect(codes).toContain((error as { code: string }).code);
});

test("one flipped bit is noticed wherever it is", async () => {
  const { file, sealed } = await written("flipped", plain);
  const stored = await readFile(file);
  for (let at = 0; at < stored.length; at += Math.ceil(stored.length / 40)) {
    const flipped = Buffer.from(stored);
    flipped[at]! ^= 1 << (at % 8);
    await writeFile(file, flipped);
    await expect(read(file, sealed)).rejects.toMatchObject({ exitCode: 5 });
  }
});

test("whoever stops reading half-way leaves nothing open", async () => {
  const { file, sealed } = await written("left", content(3_000_000));
  for await (const _ of readPart(file, "left", sealed)) break;
  await rm(file);
});

test("a folder that is not there is a fault of the disk", async () => {
  await expect(PartWriter.open(join(folder, "no", "such", "part"))).rejects.toMatchObject({ exitCode: 7 });
});
