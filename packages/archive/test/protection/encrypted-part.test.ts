import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readPart } from "../../src/parts/part-reader.ts";
import { PartWriter, type SealedPart } from "../../src/parts/part-writer.ts";

let folder: string;
let identity: string;
let recipient: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "encrypted-"));
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});
afterAll(() => rm(folder, { recursive: true }));

/** Hard to compress, so that the encrypted file has many of age's 64 KiB pieces. */
const noise = Buffer.concat(
  Array.from({ length: 40_000 }, (_, i) => createHash("sha256").update(String(i)).digest()),
);
const plain = lineOf(noise.length);

/** So many bytes, the last of which ends a line. */
function lineOf(bytes: number): Buffer {
  return Buffer.concat([noise.subarray(0, Math.max(0, bytes - 1)), Buffer.from(bytes === 0 ? "" : "\n")]);
}

async function written(name: string, bytes: Buffer): Promise<{ file: string; sealed: SealedPart }> {
  const file = join(folder, `${name}.ndjson.zst.age`);
  const writer = await PartWriter.open(file, [recipient]);
  for (let at = 0; at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    await writer.write(block, block.filter((byte) => byte === 0x0a).length);
  }
  return { file, sealed: await writer.seal() };
}

async function read(file: string, sealed: SealedPart, identities?: readonly string[]): Promise<Buffer> {
  const blocks: Buffer[] = [];
  for await (const block of readPart(file, "the part", sealed, { identities }))
    blocks.push(Buffer.from(block));
  return Buffer.concat(blocks);
}

test.each([0, 1, 300_000, plain.length])("an encrypted part of %d bytes comes back", async (length) => {
  const { file, sealed } = await written(`whole-${length}`, lineOf(length));
  expect((await read(file, sealed, [identity])).equals(lineOf(length))).toBe(true);
  const stored = await readFile(file);
  expect([sealed.bytes, sealed.sha256]).toEqual([
    stored.length,
    createHash("sha256").update(stored).digest("hex"),
  ]);
  expect(stored.includes(plain.subarray(0, 32))).toBe(false);
});

test("without a key, or with another's, an encrypted part is refused by name", async () => {
  const { file, sealed } = await written("locked", lineOf(1000));
  await expect(read(file, sealed)).rejects.toMatchObject({
    code: "key-missing",
    exitCode: 5,
    fields: { file: "the part" },
  });
  await expect(read(file, sealed, [await generateX25519Identity()])).rejects.toMatchObject({
    code: "key-wrong",
    exitCode: 5,
    fields: { file: "the part" },
  });
});

test("an encrypted part that lost its end, or has a byte changed, is refused", async () => {
  const { file, sealed } = await written("damaged", plain);
  const stored = await readFile(file);
  for (const at of [50, 150, 250, 70_000, stored.length - 10]) {
    const changed = Buffer.from(stored);
    changed[at]! ^= 1;
    await writeFile(file, changed);
    await expect(read(file, sealed, [identity]), `byte ${at}`).rejects.toMatchObject({ exitCode: 5 });
  }
  for (const length of [0, 10, 100, 65_536, stored.length - 1]) {
    await writeFile(file, stored.subarray(0, length));
    await expect(read(file, sealed, [identity]), `${length} bytes`).rejects.toMatchObject({ exitCode: 5 });
  }
});

const hasAge = ((): boolean => {
  try {
    execFileSync("age", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasAge)("the stock age tool opens an encrypted part (skipped: age is not on PATH)", async () => {
  const { file } = await written("stock", plain);
  const keyFile = join(folder, "key");
  await writeFile(keyFile, `${identity}\n`);
  const opened = execFileSync("age", ["-d", "-i", keyFile, file], { maxBuffer: 1 << 26 });
  expect(zstdDecompressSync(opened).equals(plain)).toBe(true);
});
