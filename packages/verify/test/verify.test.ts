import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { sha256Of } from "../../archive/src/digest/sha256.ts";
import { writeManifest } from "../../archive/src/manifest/write-manifest.ts";
import { EmptyLastLines } from "../../archive/src/parts/empty-last-line.ts";
import { sealPlain } from "@firebreak/testing/archives/seal-plain";
import { MYSQL_FOLDER } from "../../archive/src/database-kind.ts";
import { manifestOf, namespaceOf } from "@firebreak/testing/archives/manifest-of";
import { verifyArchive, type VerifyDepth } from "../src/index.ts";

const DIRECTORY = "source/d/c";

let folder: string;
let made = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-verify-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** An archive whose files are all as its manifest says, with one part of this plaintext. */
async function archiveOf(plaintext: string | Buffer, lineCount: number): Promise<string> {
  const archive = join(folder, String(made++));
  await mkdir(join(archive, DIRECTORY), { recursive: true });
  const metadata = `${DIRECTORY}/collection.json`;
  await writeFile(join(archive, metadata), "{}");
  const file = `${DIRECTORY}/00000.ndjson.zst`;
  const sealed = await sealPlain(join(archive, file), plaintext, lineCount);
  const entry = { file: metadata, bytes: 2, sha256: sha256Of("{}") };
  const parts = [{ file, ...sealed }];
  await writeManifest(archive, manifestOf([namespaceOf(lineCount, { metadata: entry, parts })]));
  return archive;
}

/** What verify ends with. */
async function outcome(archive: string, depth: VerifyDepth, verify = verifyArchive): Promise<unknown> {
  try {
    let last: unknown;
    for await (const event of verify({
      archive,
      mysqlFolder: join(archive, MYSQL_FOLDER),
      depth,
      jobs: 2,
    }))
      last = event;
    return last;
  } catch (error) {
    return error;
  }
}

test("an archive whose lines all decode is sound", async () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `{"_id":{"$numberInt":"${i}"},"名":"哈哈"}\n`);
  const archive = await archiveOf(lines.join(""), lines.length);
  expect(await outcome(archive, "content")).toEqual({
    kind: "account",
    accounts: [{ namespace: "d.c", documents: 50_000, lines: 50_000 }],
  });
});

test.each([
  ["that is no JSON", '{"a":', "a value was expected where it ends"],
  ["with a bare number", '{"a":1}', "a value was expected at byte 6"],
  ["with a name twice", '{"a":null,"a":null}', "a name stands for the second time at byte 11"],
])("a sealed part with a line %s is unreadable, with the file and the line", async (_, line, reason) => {
  const archive = await archiveOf(`{}\n${line}\n{}\n`, 3);
  expect(await outcome(archive, "content")).toMatchObject({
    code: "line-unreadable",
    exitCode: 5,
    fields: { file: join(archive, DIRECTORY, "00000.ndjson.zst"), line: 2, reason: worded(reason) },
  });
  expect(await outcome(archive, "files")).toMatchObject({ kind: "account" });
});

test("an empty last line is passed over and told of where all else is as the manifest says", async () => {
  const told = new EmptyLastLines();
  const archive = await archiveOf("{}\n{}\n\n", 2);
  expect(await outcome(archive, "content")).toMatchObject({ kind: "account" });
  expect(told.take()).toEqual([join(archive, DIRECTORY, "00000.ndjson.zst")]);
  expect(await outcome(await archiveOf("{}\n{}\n\n", 3), "content")).toMatchObject({
    code: "part-content",
    fields: { what: "lines", expected: "3", found: "2" },
  });
  told.close();
});

test("a part of fewer lines than the manifest says is refused", async () => {
  expect(await outcome(await archiveOf("{}\n{}\n", 3), "content")).toMatchObject({
    code: "part-content",
    fields: { what: "lines", expected: "3", found: "2" },
  });
});

test("a damaged part is called damaged, not unreadable", async () => {
  const archive = await archiveOf(`{"a":"${"x".repeat(1000)}"}\n`, 1);
  const file = join(archive, DIRECTORY, "00000.ndjson.zst");
  const bytes = await readFile(file);
  bytes[bytes.length - 6]! ^= 1;
  await writeFile(file, bytes);
  expect(await outcome(archive, "content")).toMatchObject({ code: "part-undecodable" });
});

test("a line that does not decode is named too where there is so much to read that threads do it", async () => {
  const lines = `{"a":"${"0123456789abcdef".repeat(1 << 16)}"}\n`.repeat(5);
  const random = Buffer.from(randomBytes(66 << 20).toString("base64"));
  const archive = await archiveOf(Buffer.concat([Buffer.from(lines), Buffer.from('{"b":'), random]), 6);
  // Threads run what was built.
  const { verifyArchive: built } = await import("@firebreak/verify");
  expect(await outcome(archive, "content", built)).toMatchObject({
    code: "line-unreadable",
    fields: { line: 6 },
  });
});
