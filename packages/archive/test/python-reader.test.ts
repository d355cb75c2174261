import { execFileSync, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { BSON, Binary, Code, Decimal128, Double, Int32, Long, MaxKey, ObjectId, Timestamp } from "bson";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LineEncoder } from "../src/line/writing/encode-line.ts";
import { writeManifest } from "../src/manifest/write-manifest.ts";
import { PartWriter } from "../src/parts/part-writer.ts";
import { manifestOf, namespaceOf } from "@firebreak/testing/archives/manifest-of";
import { writeSmallFile } from "../src/protection/small-file.ts";

/** The proof of FORMAT.md: a reader in another language that knows nothing else of us. */
const reader = join(import.meta.dirname, "../../../docs/read_archive.py");
const corpus = join(import.meta.dirname, "../../../../shared/data/bson-corpus");

const emptyLine = join(import.meta.dirname, "../../../fixtures/archive-v1-empty-line");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "python-"));
});
afterAll(() => rm(folder, { recursive: true }));

function isOnPath(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
const hasTools = isOnPath("python3", "--version") && isOnPath("zstd", "--version");
const hasAge = hasTools && isOnPath("age", "--version");

async function archiveOf(documents: readonly Buffer[], recipients: readonly string[] = []): Promise<string> {
  const archive = await mkdtemp(join(folder, "archive-"));
  await mkdir(join(archive, "source/d/c"), { recursive: true });
  const metadata = await writeSmallFile(archive, "source/d/c/collection.json", "{}\n", recipients);
  const file = `source/d/c/00000.ndjson.zst${recipients.length === 0 ? "" : ".age"}`;
  const writer = await PartWriter.open(join(archive, file), recipients);
  const encoder = new LineEncoder();
  for (const document of documents) {
    encoder.encode(document, 0, document.length);
    await writer.write(Buffer.concat([encoder.out.written(), Buffer.from("\n")]), 1);
    encoder.out.clear();
  }
  const lineCount = documents.length;
  const parts = [{ file, ...(await writer.seal()) }];
  await writeManifest(archive, manifestOf([namespaceOf(lineCount, { metadata, parts })]), {
    encryption: recipients.length === 0 ? undefined : { recipients: [...recipients], names: "hidden" },
  });
  return archive;
}

async function readByPython(archive: string, env: Record<string, string> = {}): Promise<Buffer> {
  const out = join(folder, "out.bson");
  execFileSync("python3", [reader, archive, "d.c", out], { env: { ...process.env, ...env } });
  return readFile(out);
}

const documents = [
  {},
  { a: new Int32(-1), b: Long.MIN_VALUE, c: new Double(-0), d: new Double(1e300), e: new Double(NaN) },
  { s: 'quote " back \\ \0 \n é 中 😀', n: null, t: true, x: [1, [], {}, "2"] },
  { o: new ObjectId(), t: new Timestamp({ t: 4294967295, i: 7 }), d: new Date(-1), m: new MaxKey() },
  {
    b: new Binary(Buffer.from([0, 255]), 0x80),
    d: Decimal128.fromString("-1.50E+3"),
    c: new Code("f", { a: 1 }),
  },
  {
    d: Decimal128.fromString("Infinity"),
    e: Decimal128.fromString("9.999999999999999999999999999999999E+6144"),
  },
].map((d) => Buffer.from(BSON.serialize(d)));
const rawDocument = Buffer.from([13, 0, 0, 0, 8, 97, 0, 1, 8, 97, 0, 0, 0]);

test.skipIf(!hasTools)(
  "a reader in Python, made from FORMAT.md, gets the same bytes back (skipped: needs python3 and zstd)",
  async () => {
    const all = [...documents, rawDocument];
    const archive = await archiveOf(all);
    expect((await readByPython(archive)).equals(Buffer.concat(all))).toBe(true);
    expect(String(execFileSync("python3", [reader, archive]))).toBe(`d.c\t${all.length}\n`);
  },
);

test.skipIf(!hasTools || !existsSync(corpus))(
  "it gets every valid document of the BSON corpus back (skipped: needs python3, zstd and the corpus)",
  async () => {
    const cases: Buffer[] = [];
    for (const file of (await readdir(corpus)).filter((f) => f.endsWith(".json"))) {
      const { valid = [] } = JSON.parse(await readFile(join(corpus, file), "utf8")) as {
        valid?: { canonical_bson: string }[];
      };
      cases.push(...valid.map((v) => Buffer.from(v.canonical_bson, "hex")));
    }
    expect(cases.length).toBeGreaterThan(700);
    expect((await readByPython(await archiveOf(cases))).equals(Buffer.concat(cases))).toBe(true);
  },
);

test.skipIf(!hasTools)(
  "it passes over the empty line that version 0.1.0 left at a part's end, and says so",
  () => {
    const { stdout, stderr } = spawnSync("python3", [reader, emptyLine], { encoding: "utf8" });
    expect(stdout).toBe("shop.orders\t512\n");
    expect(stderr).toMatch(/00000\.ndjson\.zst ends with an empty line/);
  },
);

test.skipIf(!hasTools)("it refuses a part that was changed", async () => {
  const archive = await archiveOf(documents);
  await appendFile(join(archive, "source/d/c/00000.ndjson.zst"), "x");
  expect(() => execFileSync("python3", [reader, archive], { stdio: "pipe" })).toThrow(/was changed/);
});

test.skipIf(!hasAge)("it opens an encrypted archive with the age tool (skipped: needs age)", async () => {
  const identity = await generateX25519Identity();
  const archive = await archiveOf(documents, [await identityToRecipient(identity)]);
  await writeFile(join(folder, "key"), `${identity}\n`);
  const read = await readByPython(archive, { AGE_IDENTITY: join(folder, "key") });
  expect(read.equals(Buffer.concat(documents))).toBe(true);
});
