import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FolderLock } from "../../src/files/folder-lock.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "lock-"));
  folder = made;
  file = join(folder, "export.lock");
  onTestFinished(() => rm(made, { recursive: true }));
});

const holder = (changes: object): string => JSON.stringify({ host: hostname(), pid: 1, ...changes });

test("one of many that ask at once gets the lock, and its release frees it and leaves nothing", async () => {
  const asked = await Promise.allSettled(Array.from({ length: 20 }, () => FolderLock.take(file)));
  const taken = asked.filter((a) => a.status === "fulfilled");
  expect(taken).toHaveLength(1);
  for (const { reason } of asked.filter((a) => a.status === "rejected"))
    expect(reason).toMatchObject({ code: "folder-locked", exitCode: 6, fields: { file, pid: process.pid } });
  await taken[0]!.value.release();
  expect(await readdir(folder)).toEqual([]);
  await (await FolderLock.take(file)).release();
});

test("the lock of a process that was killed is taken over at once, by one only", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await writeFile(file, holder({ pid }));
  const asked = await Promise.allSettled(Array.from({ length: 20 }, () => FolderLock.take(file)));
  const taken = asked.filter((a) => a.status === "fulfilled");
  expect(taken).toHaveLength(1);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.pid });
  await taken[0]!.value.release();
});

test("the lock of a living process, or of a fresh one on another host, is respected", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void child.kill());
  for (const changes of [{ pid: child.pid }, { host: "elsewhere", pid: 1 }]) {
    await writeFile(file, holder(changes));
    await expect(FolderLock.take(file)).rejects.toMatchObject({ code: "folder-locked" });
  }
});

test(
  "the lock of another host is taken over when nobody touches it while one looks",
  { timeout: 30_000 },
  async () => {
    await writeFile(file, holder({ host: "elsewhere" }));
    const past = new Date(Date.now() - 31_000);
    await utimes(file, past, past);
    await (await FolderLock.take(file)).release();
    await writeFile(file, holder({ host: "elsewhere" }));
    await utimes(file, past, past);
    // Its clock is behind, and it is alive.
    const touching = setInterval(
      () => void utimes(file, past, new Date(past.getTime() + Math.random() * 1000)),
      1000,
    );
    onTestFinished(() => clearInterval(touching));
    await expect(FolderLock.take(file)).rejects.toMatchObject({ code: "folder-locked" });
  },
);

test("a process that was stopped for long keeps its lock; what is another's is neither touched nor released", async () => {
  const lock = await FolderLock.take(file);
  const past = new Date(Date.now() - 3_600_000);
  await utimes(file, past, past);
  await expect(FolderLock.take(file)).rejects.toMatchObject({ code: "folder-locked" });
  lock.assertHeld();
  await writeFile(file, holder({ owner: "another" }));
  await lock.release();
  expect(await readdir(folder)).toEqual(["export.lock"]);
});

test("a lock whose writer was killed before it said who it was is taken over", async () => {
  await writeFile(file, "");
  const past = new Date(Date.now() - 6_000);
  await utimes(file, past, past);
  await (await FolderLock.take(file)).release();
});

test("a takeover that was cut off does not keep others out for ever", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  await writeFile(file, holder({ pid }));
  await writeFile(`${file}.takeover`, "{}");
  const past = new Date(Date.now() - 31_000);
  await utimes(`${file}.takeover`, past, past);
  await (await FolderLock.take(file)).release();
  expect(await readdir(folder)).toEqual([]);
});

test("a folder that is not there is said", async () => {
  await expect(FolderLock.take(join(folder, "no", "such.lock"))).rejects.toMatchObject({ exitCode: 7 });
});
