import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keysFolder } from "../../src/chain/keys-folder.ts";

let work: string;
beforeEach(async () => void (work = await mkdtemp(join(tmpdir(), "firebreak-"))));
afterEach(() => rm(work, { recursive: true }));

test("the keys that a killed process left are removed, and those of a living one and of another host stay", async () => {
  const living = keysFolder(work);
  const [dead, elsewhere] = [
    living.replace(`-${process.pid}-`, "-4194305-"),
    living.replace(/superseded-[0-9a-f]{8}-/, "superseded-00000000-"),
  ];
  for (const folder of [living, dead, elsewhere]) {
    await mkdir(folder);
    await writeFile(join(folder, "keys"), "keys");
  }
  expect(basename(keysFolder(work))).not.toBe(basename(living));
  expect((await readdir(work)).sort()).toEqual([basename(elsewhere), basename(living)].sort());
});

test("a work folder that does not exist is none of its concern", () => {
  expect(keysFolder(join(work, "none"))).toContain(join(work, "none", "superseded-"));
});
