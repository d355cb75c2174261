import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-code-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A command that loads much and does little, with an environment of its own. */
function run(...settings: readonly string[]): Promise<Ended> {
  const archive = join(folder, "none");
  return firebreak(["load", "--archive", archive, "--mysql-url", "mysql://root@127.0.0.1:1/x"], {
    within: ["env", "-u", "NODE_COMPILE_CACHE", ...settings],
  });
}

async function filesIn(cache: string): Promise<string[]> {
  const found = await readdir(cache, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test("compiled code is kept below the user's cache folder, and serves the next run", async () => {
  const cache = join(folder, "cache");
  const first = await run(`XDG_CACHE_HOME=${cache}`);
  const kept = await filesIn(join(cache, "firebreak", "code"));
  expect(kept.length).toBeGreaterThan(100);
  const again = await run(`XDG_CACHE_HOME=${cache}`);
  expect(again).toEqual(first);
  expect(await filesIn(cache)).toEqual(kept);
});

test("code that was kept and is damaged is not used", async () => {
  const cache = join(folder, "damaged");
  const first = await run(`XDG_CACHE_HOME=${cache}`);
  const kept = await filesIn(cache);
  for (const file of kept) await writeFile(file, "no code");
  expect(kept.length).toBeGreaterThan(100);
  expect(await run(`XDG_CACHE_HOME=${cache}`)).toEqual(first);
});

test("where nothing can be kept, or the person wants none, all goes on without", async () => {
  const asked = await run("NODE_DISABLE_COMPILE_CACHE=1", `XDG_CACHE_HOME=${join(folder, "unwanted")}`);
  expect(asked.exitCode).toBe(5);
  expect(await filesIn(join(folder, "unwanted"))).toEqual([]);
  const inTheWay = join(folder, "file");
  await writeFile(inTheWay, "");
  expect(await run(`XDG_CACHE_HOME=${inTheWay}`)).toEqual(asked);
  const locked = join(folder, "locked");
  await mkdir(locked);
  await chmod(locked, 0o500);
  expect(await run(`XDG_CACHE_HOME=${locked}`)).toEqual(asked);
  expect(await run("-u", "XDG_CACHE_HOME", "-u", "HOME", "NODE_DISABLE_COMPILE_CACHE=1")).toEqual(asked);
});

test("a cache folder that is no absolute path is no cache folder", async () => {
  const home = join(folder, "home");
  await run("XDG_CACHE_HOME=relative", `HOME=${home}`);
  expect((await filesIn(join(home, ".cache", "firebreak", "code"))).length).toBeGreaterThan(100);
});
