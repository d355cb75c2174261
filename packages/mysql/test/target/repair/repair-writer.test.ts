import { appendFile, cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { inspected } from "@firebreak/testing/recipes/inspected";
import { packed } from "@firebreak/testing/recipes/bundled";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCsv } from "@firebreak/mysql-format";
import {
  readMysqlManifest,
  readPart,
  readRepairManifest,
  sha256Of,
  type PartEntry,
} from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { verified } from "@firebreak/testing/recipes/verified";
import type { Cells, ExpectedRow } from "../../../src/target/checksum/expected-rows.ts";
import { RepairWriter } from "../../../src/target/repair/repair-writer.ts";
import { changed, extra, missing, repairOf } from "@firebreak/testing/tables/repair-of";

const ARCHIVE = join(import.meta.dirname, "..", "..", "..", "..", "..", "fixtures", "archive-v1");

let place: Awaited<ReturnType<typeof folder>>;
let repairFolder: string;
beforeEach(async () => {
  place = await folder();
  repairFolder = join(place.path, "repair");
});
afterEach(() => place[Symbol.asyncDispose]());

async function cellsOf(part: PartEntry | undefined, identities?: readonly string[]): Promise<Cells[]> {
  if (part === undefined) return [];
  const blocks = readPart(join(repairFolder, part.file), part.file, part, { identities });
  const cells: Cells[] = [];
  for await (const row of readCsv(blocks, part.file)) cells.push(row);
  return cells;
}

describe("a repair", () => {
  test("has the keys that differ, and all rows that the archive has of them", async () => {
    const differences = { many: [changed("3"), missing("42"), extra("1"), extra("90")] };
    expect(await repairOf({ archive: ARCHIVE, repairFolder, differences })).toEqual({
      tables: 1,
      missing: 1,
      extra: 2,
      changed: 1,
    });
    const { manifest } = await readRepairManifest(repairFolder);
    const [repair] = manifest.tables;
    expect(repair).toMatchObject({ missingCount: 1, extraCount: 2, changedCount: 1 });
    expect(await cellsOf(repair?.keys)).toEqual([["3"], ["42"], ["1"], ["90"]]);
    // 1 is in the target twice: it is deleted there, and is to be there once. 90 is not to be there at all.
    expect(await cellsOf(repair?.rows)).toEqual([
      ["1", "many", "text ", null],
      ["3", "many", "text text text ", null],
      ["42", "many", "text ".repeat(42), null],
    ]);
  });

  test("has a row once, however many differences its key has and whether its keys fit in memory", async () => {
    const differences = { many: [changed("3"), extra("3"), ...keys(1, 50).map((key) => missing(key))] };
    await repairOf({ archive: ARCHIVE, repairFolder, differences, memoryBytes: 7 * 20 });
    const { manifest } = await readRepairManifest(repairFolder);
    const found = (await cellsOf(manifest.tables[0]?.rows)).map(([key]) => Number(key));
    expect(found.toSorted((a, b) => a - b)).toEqual(keys(1, 50).map(Number));
  });

  test("of rows too many alone has keys and no rows", async () => {
    await repairOf({ archive: ARCHIVE, repairFolder, differences: { things: [extra("77")], many: [] } });
    const { manifest } = await readRepairManifest(repairFolder);
    expect(manifest.tables.map((t) => [t.table.table, t.rows])).toEqual([["things", undefined]]);
  });

  test("is complete in itself: verify proves it, and so does sha256sum", async () => {
    await repairOf({
      archive: ARCHIVE,
      repairFolder,
      differences: { many: [changed("3")], things: [extra("9")] },
    });
    const { text } = await well(verified(repairFolder));
    expect(text).toMatch(/small\.many +many +1/);
    await execa("sh", ["-c", "sha256sum --check --strict SHA256SUMS"], { cwd: repairFolder });
  });

  test("names the transformed archive that it is of", async () => {
    await repairOf({ archive: ARCHIVE, repairFolder, differences: { many: [changed("3")] } });
    const { manifest } = await readRepairManifest(repairFolder);
    const repaired = await readFile(join(ARCHIVE, "mysql", "manifest.json"));
    expect(manifest.mysqlManifestSha256).toBe(sha256Of(repaired));
  });

  const damages: readonly (readonly [string, string, (file: string) => Promise<void>])[] = [
    ["a part cut short", "rows/00000.csv.zst", (file) => truncate(file, 10)],
    ["a part that is gone", "keys/00000.csv.zst", (file) => rm(file)],
    ["a byte changed", "keys/00000.csv.zst", flipLastByte],
    ["a file too many", "rows/00009.csv.zst", (file) => writeFile(file, "")],
    ["a list of hashes that was added to", "SHA256SUMS", (file) => appendFile(file, "\n")],
    ["a manifest cut short", "manifest.json", (file) => truncate(file, 100)],
  ];
  for (const [title, file, spoil] of damages)
    test(`verify finds ${title}`, async () => {
      await repairOf({ archive: ARCHIVE, repairFolder, differences: { many: [changed("3")] } });
      await spoil(join(repairFolder, file));
      const { error, text } = await verified(repairFolder);
      expect(error?.exitCode).toBe(5);
      expect(text).toContain(file);
    });

  test("is no archive to any other command", async () => {
    await repairOf({ archive: ARCHIVE, repairFolder, differences: { many: [changed("3")] } });
    for (const run of [transformed, inspected, packed]) {
      const { ending, text } = await run(repairFolder);
      expect(ending, text).toBe("format-foreign");
      expect(text).toContain("is of a repair");
    }
  });
});

describe("of an encrypted archive a repair", () => {
  const SECRET = "AGE-SECRET-KEY-1DD0F7EGNYU7N0PQN9Y6V3MRJRD3PP25KEFFY5U6NUAPED9PXFMQQMYCU2L";

  test("is encrypted to the same recipients, and opened by the same key", async () => {
    const archive = join(place.path, "archive");
    await cp(`${ARCHIVE}-encrypted`, archive, { recursive: true });
    const identities = [SECRET];
    await well(transformed(archive, { identities }));
    await repairOf({ archive, repairFolder, identities, differences: { many: [changed("3")] } });

    const visible = await readFile(join(repairFolder, "manifest.json"), "utf8");
    expect(visible).not.toContain("many");
    expect(await verified(repairFolder)).toMatchObject({ error: { exitCode: 5 } });
    await well(verified(repairFolder, { depth: "files" }));
    await well(verified(repairFolder, { identities }));
    const { manifest } = await readRepairManifest(repairFolder, identities);
    expect(await cellsOf(manifest.tables[0]?.rows, identities)).toEqual([
      ["3", "many", "text text text ", null],
    ]);
  });
});

describe("the folder of a repair", () => {
  const differences = { many: [changed("3")] };

  test("is not made where there is nothing to repair", async () => {
    expect(await repairOf({ archive: ARCHIVE, repairFolder, differences: { many: [] } })).toBeUndefined();
    await expect(stat(repairFolder)).rejects.toThrow(/ENOENT/);
  });

  test("may be there and empty", async () => {
    await mkdir(repairFolder);
    await repairOf({ archive: ARCHIVE, repairFolder, differences });
    await well(verified(repairFolder));
  });

  test("is refused where anything is in it, also an earlier repair, and left as it is", async () => {
    await mkdir(repairFolder);
    await writeFile(join(repairFolder, "mine"), "mine");
    const refusal = { code: "repair-folder-taken", exitCode: 6 };
    await expect(repairOf({ archive: ARCHIVE, repairFolder, differences })).rejects.toMatchObject(refusal);
    await rm(join(repairFolder, "mine"));
    await repairOf({ archive: ARCHIVE, repairFolder, differences });
    await expect(repairOf({ archive: ARCHIVE, repairFolder, differences })).rejects.toMatchObject(refusal);
    await well(verified(repairFolder));
  });

  test("that a killed run left is written anew", async () => {
    await mkdir(join(repairFolder, "rows"), { recursive: true });
    await writeFile(join(repairFolder, "rows", "00007.csv.zst"), "of a killed run");
    await writeFile(join(repairFolder, "repair.lock"), JSON.stringify({ host: "gone", pid: 1, owner: "x" }));
    // Of another host: taken for dead only when it has not been touched for long.
    await execa("touch", ["-d", "1 hour ago", join(repairFolder, "repair.lock")]);
    await repairOf({ archive: ARCHIVE, repairFolder, differences });
    await well(verified(repairFolder));
  });

  test("has nothing left of a run that failed in the middle", async () => {
    const options = { archive: ARCHIVE, folder: join(ARCHIVE, "mysql"), repairFolder, version: "test" };
    const writer = await RepairWriter.open(options);
    const { manifest } = await readMysqlManifest(options.folder);
    const table = manifest.tables.find((t) => t.table === "many")!;
    await writer.add(table, changed("3"));
    await expect(writer.endTable(unreadable())).rejects.toThrow("the disk is gone");
    await writer.close();
    expect(await readdir(repairFolder)).toEqual([]);
    await repairOf({ archive: ARCHIVE, repairFolder, differences });
    await well(verified(repairFolder));
  });
});

function keys(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
}

async function flipLastByte(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, bytes);
}

// oxlint-disable-next-line require-yield
async function* unreadable(): AsyncGenerator<ExpectedRow> {
  throw new Error("the disk is gone");
}
