import { mkdtemp, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readContents } from "../../archive/src/archive-contents.ts";
import { checkFile } from "../../archive/src/check-file.ts";
import { listFiles } from "../../archive/src/files/list-files.ts";
import { verifyArchive, type VerifyDepth } from "../src/index.ts";
import { writeArchive } from "@firebreak/testing/archives/write-archive";

const PART = "source/db/c/00000.ndjson.zst";

let archive: string;
beforeEach(async () => {
  archive = await mkdtemp(join(tmpdir(), "contents-"));
  await writeArchive(archive, [{ collection: "c", parts: [['{"_id":true}'], ['{"_id":false}']] }]);
});
afterEach(() => rm(archive, { recursive: true }));

async function verify(depth: VerifyDepth): Promise<unknown> {
  for await (const event of verifyArchive({
    archive,
    mysqlFolder: join(archive, "mysql"),
    depth,
    jobs: 2,
  }))
    if (event.kind === "account") return event.accounts;
  return undefined;
}

test("an archive consists of every file in its folder, each with its size and hash", async () => {
  const { files, mysql } = await readContents(archive, {});
  expect(files.map((f) => f.name).sort()).toEqual(await listFiles(archive));
  expect(mysql).toBeUndefined();
  for (const { path, entry } of files) {
    let bytes = 0;
    await checkFile(path, entry, (block) => (bytes += block.length));
    expect(bytes).toBe((await stat(path)).size);
  }
  for (const depth of ["files", "content"] as const)
    expect(await verify(depth)).toEqual([{ namespace: "db.c", documents: 2, lines: 2 }]);
});

describe("verify refuses by name", () => {
  const damages: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ["a stranger", "stranger", () => writeFile(join(archive, "stranger"), "x")],
    ["a link", "link", () => symlink("/etc", join(archive, "link"))],
    ["a missing part", PART, () => rm(join(archive, PART))],
    ["a part cut off", PART, () => truncate(join(archive, PART), 5)],
    [
      "a part with a changed byte",
      PART,
      async () => {
        const bytes = await readFile(join(archive, PART));
        bytes[5]! ^= 1;
        await writeFile(join(archive, PART), bytes);
      },
    ],
    ["no list of checksums", "SHA256SUMS", () => rm(join(archive, "SHA256SUMS"))],
    ["another list of checksums", "SHA256SUMS", () => writeFile(join(archive, "SHA256SUMS"), "x")],
    ["an archive that is not there", "contents-", () => rm(join(archive, "manifest.json"))],
  ];
  for (const depth of ["files", "content"] as const)
    test.each(damages)(`%s, at depth ${depth}`, async (_, named, damage) => {
      await damage();
      const error: unknown = await verify(depth).catch((e: unknown) => e);
      expect(error).toMatchObject({ exitCode: 5 });
      expect(JSON.stringify((error as { fields: object }).fields)).toContain(named);
    });
});
