import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findDamage, sealTree } from "../tree-checksums.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-tree-"));
  await mkdir(join(folder, "lib"));
  await writeFile(join(folder, "lib", "program"), "program");
  await writeFile(join(folder, "empty"), "");
  await symlink("program", join(folder, "lib", "link"));
  await sealTree(folder);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

test("a tree that was left alone has no damage", async () => {
  expect(await findDamage(folder)).toBeUndefined();
});

test("a folder that is not there is absent", async () => {
  expect(await findDamage(join(folder, "other"))).toBe("absent");
});

test("a changed file is named", async () => {
  await writeFile(join(folder, "lib", "program"), "Program");
  expect(await findDamage(folder)).toBe("lib/link has another checksum");
});

test("a removed file is named, also when only its link is gone", async () => {
  await rm(join(folder, "lib", "link"));
  expect(await findDamage(folder)).toBe("lib/link is missing");
});

test("a tree without its list was never finished", async () => {
  await rm(join(folder, "SHA256SUMS"));
  expect(await findDamage(folder)).toBe("SHA256SUMS is missing");
});
