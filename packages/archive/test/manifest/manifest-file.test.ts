import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileInArchive } from "../../src/files/safe-name.ts";
import { readSourceManifest } from "../../src/manifest/manifest-file.ts";
import { writeManifest } from "../../src/manifest/write-manifest.ts";
import { manifestOf, namespaceOf } from "@firebreak/testing/archives/manifest-of";
import { MEMBERS_FORMAT_VERSION } from "../../src/manifest/schema-parts.ts";
import type { SourceManifest } from "../../src/manifest/source-manifest.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "manifest-"));
});
afterAll(() => rm(folder, { recursive: true }));

const zeros = "0".repeat(64);

function manifest(file: string): SourceManifest {
  const metadata = { file: "source/d/c/collection.json", bytes: 2, sha256: zeros };
  const parts = [{ file, bytes: 1, sha256: zeros, plainBytes: 1, plainSha256: zeros, lineCount: 1 }];
  return manifestOf([namespaceOf(1, { metadata, parts })]);
}

async function refusal(text: string): Promise<unknown> {
  await writeFile(join(folder, "manifest.json"), text);
  return readSourceManifest(folder).then(
    () => "accepted",
    (error: unknown) => error,
  );
}

test("a manifest comes back, with the hash of its bytes, and SHA256SUMS names every file", async () => {
  const written = manifest("source/d/c/00000.ndjson.zst");
  await writeManifest(folder, written);
  const read = await readSourceManifest(folder);
  expect(read.manifest).toEqual(written);
  const sums = await readFile(join(folder, "SHA256SUMS"), "utf8");
  expect(sums).toBe(
    `${read.sha256}  manifest.json\n${zeros}  source/d/c/collection.json\n${zeros}  source/d/c/00000.ndjson.zst\n`,
  );
});

test.each([
  "../x",
  "a/../../x",
  "/etc/passwd",
  "a//b",
  "./a",
  "a/.",
  "a/..",
  "",
  "a\\..\\b",
  "C:/x",
  "a\0b",
  "/",
  "..",
])("a manifest that names the file %j is refused before any file is touched", async (file) => {
  expect(await refusal(JSON.stringify(manifest(file)))).toMatchObject({ code: "file-path", exitCode: 5 });
  expect(() => fileInArchive(folder, "manifest.json", file)).toThrow();
});

test("a manifest of a newer format is refused with both versions, whatever else is in it", async () => {
  expect(
    await refusal(
      JSON.stringify({ format: "firebreak-archive", formatVersion: MEMBERS_FORMAT_VERSION + 1, new: [] }),
    ),
  ).toMatchObject({
    code: "format-newer",
    exitCode: 5,
    fields: { found: MEMBERS_FORMAT_VERSION + 1, known: MEMBERS_FORMAT_VERSION },
  });
});

test.each([
  ["not JSON", "manifest-unreadable", "{"],
  ["empty", "manifest-unreadable", ""],
  ["null", "format-foreign", "null"],
  ["an array", "format-foreign", "[]"],
  ["another format's", "format-foreign", JSON.stringify({ ...manifest("a"), format: "firebreak-mysql" })],
  [
    "without its namespaces",
    "manifest-unreadable",
    JSON.stringify({ format: "firebreak-archive", formatVersion: 1 }),
  ],
  [
    "with a negative count",
    "manifest-unreadable",
    JSON.stringify(manifest("a")).replace('"lineCount":1', '"lineCount":-1'),
  ],
  ["with half a hash", "manifest-unreadable", JSON.stringify(manifest("a")).replace(zeros, "00")],
])("a manifest that is %s is refused", async (_, code, text) => {
  expect(await refusal(text)).toMatchObject({
    code,
    exitCode: 5,
    fields: { file: join(folder, "manifest.json") },
  });
});

test("a folder without a manifest is an archive that is incomplete, and no folder is none", async () => {
  const empty = join(folder, "empty");
  await expect(readSourceManifest(empty)).rejects.toMatchObject({ code: "archive-missing", exitCode: 5 });
  await mkdir(empty);
  await expect(readSourceManifest(empty)).rejects.toMatchObject({ code: "archive-incomplete", exitCode: 5 });
});
