// @module-tag slow
import { mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { contentOf, makeArchive } from "@firebreak/testing/bundles/bundled-archive";
import { unpack } from "@firebreak/testing/bundles/unpack";
import { sticksOf, volumesIn } from "@firebreak/testing/bundles/volumes";

const SIZE = ["--volume-mib", "1"];

let place: Awaited<ReturnType<typeof folder>>;
let archive: string;
let bundle: string;
let whole: Record<string, string>;
let packed: Record<string, string>;
beforeAll(async () => {
  place = await folder();
  archive = await makeArchive(join(place.path, "chat"), {
    partBytes: [16_000_000, 100, 400_000, 22_000_000, 1_300_000, 1_300_000, 9_000_000],
  });
  whole = await contentOf(archive);
  bundle = `${archive}.bundle`;
  await mustEndWell(["bundle", "--archive", archive, ...SIZE]);
  packed = await contentOf(bundle);
});
afterAll(() => place[Symbol.asyncDispose]());

/** Kills a run as soon as a condition holds; it must have been running still. */
async function killedWhen(
  args: readonly string[],
  what: string,
  holds: () => Promise<boolean>,
): Promise<void> {
  const run = start(args);
  await until(what, holds);
  run.kill("SIGKILL");
  expect((await run).signal).toBe("SIGKILL");
}

const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => []);

describe("packing that was killed", () => {
  test("several times and run again, has the volumes of one that was not", async () => {
    const out = join(place.path, "killed");
    const args = ["bundle", "--archive", archive, "--out", out, ...SIZE];
    for (const count of [1, 5, 12]) {
      await killedWhen(args, `${count} sealed volumes`, async () => {
        const names = await namesIn(out);
        return (
          names.filter((n) => n.endsWith(".tar")).length >= count &&
          names.some((n) => n.endsWith(".tar.partial"))
        );
      });
      // What has a volume's name is whole.
      for (const volume of await volumesIn(out)) expect((await contentOf(out))[volume]).toBe(packed[volume]);
    }
    const ended = await firebreak(args);
    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Going on") as string });
    expect(await contentOf(out)).toEqual(packed);
  });
});

describe("unpacking that was killed", () => {
  test("several times and run again, has the files of one that was not", async () => {
    const target = join(place.path, "unpacked");
    const args = ["bundle", "--extract", bundle, "--archive", target];
    for (const count of [1, 6, 13]) {
      await killedWhen(args, `${count} unpacked volumes`, async () => {
        const log = await readFile(join(target, "bundle-progress.ndjson"), "utf8").catch(() => "");
        return log.split('"kind":"volume"').length > count;
      });
      await expect(stat(join(target, "manifest.json"))).rejects.toThrow("ENOENT");
      const unfinished = await firebreak(["verify", "--archive", target]);
      expect(unfinished).toMatchObject({
        exitCode: 5,
        stderr: expect.stringContaining("manifest.json") as string,
      });
    }
    const ended = await firebreak(args);
    expect(ended).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Going on") as string });
    expect(await contentOf(target)).toEqual(whole);
  });

  test("inside a volume keeps the files that were whole", async () => {
    const out = join(place.path, "one");
    await mustEndWell(["bundle", "--archive", archive, "--out", out]);
    const target = join(place.path, "from-one");
    const args = ["bundle", "--extract", out, "--archive", target];
    const first = join(target, "source/db/c/00000.ndjson.zst");
    await killedWhen(args, "a whole file", () =>
      stat(first).then(
        () => true,
        () => false,
      ),
    );
    const { mtimeMs } = await stat(first);
    await mustEndWell(args);
    expect((await stat(first)).mtimeMs).toBe(mtimeMs);
    expect(await contentOf(target)).toEqual(whole);
  });
});

test("unpacking that was killed between its last steps is finished without any stick", async () => {
  const sticks = await sticksOf(bundle, place.path);
  const target = join(place.path, "last-steps");
  const progress = join(target, "bundle-progress.ndjson");
  for (const stick of sticks.slice(0, -1)) await unpack(stick, target);
  const before = await readFile(progress, "utf8");
  expect(await unpack(sticks.at(-1)!, target)).toEqual({ exitCode: 0, told: "" });
  const steps: readonly (readonly [string, string])[] = [
    ["source/db/c/00000.ndjson.zst", ".pieces"],
    ["manifest.json", ".unpacked"],
  ];
  // From the last step back to the first: each state holds what the later ones had not done yet.
  for (let undone = 0; undone <= steps.length; undone++) {
    for (const [file, ending] of steps.slice(steps.length - undone))
      await rename(join(target, file), join(target, `${file}${ending}`));
    await writeFile(
      progress,
      `${before}{"kind":"volume","volume":${sticks.length},"filesInPieces":["${steps[0]![0]}"]}\n`,
    );
    expect({ undone, ...(await unpack(place.path, target)) }).toEqual({ undone, exitCode: 0, told: "" });
    expect(await contentOf(target)).toEqual(whole);
  }
});

/** A small disk of its own, seen by the command in it alone: `$0` is its folder; it grows after the first run. */
const SMALL_DISK = `mount -t tmpfs -o size=$SIZE none "$0"
"$@"; echo "ended with $?"
mount -o remount,size=200m "$0"
"$@" && find "$0" -type f -exec sha256sum {} +`;
const [program, ...own] = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
const canMount =
  (await execa(program, [...own, "mount", "-t", "tmpfs", "none", "/mnt"], { reject: false })).exitCode === 0;
const noMount = canMount ? "" : " (skipped: unshare and mount are not permitted here)";

describe.skipIf(!canMount)(`a full disk${noMount}`, () => {
  const main = join(import.meta.dirname, "../../dist/main.js");
  const onSmallDisk = async (disk: string, size: string, ...args: readonly string[]): Promise<string> => {
    const command = [process.execPath, main, "bundle", ...args];
    const run = await execa(program, [...own, "sh", "-c", SMALL_DISK, disk, ...command], {
      reject: false,
      all: true,
      env: { SIZE: size },
    });
    return run.all;
  };

  test("ends packing with 7 and a sentence; with room again it goes on", async () => {
    const disk = join(place.path, "small-out");
    await mkdir(disk);
    const all = await onSmallDisk(disk, "6m", "--archive", archive, "--out", disk, ...SIZE);
    expect(all).toContain("ended with 7");
    expect(all).toContain("The disk is full");
    expect(all).toContain("Going on");
    for (const [file, sha256] of Object.entries(packed))
      expect(all).toContain(`${sha256}  ${join(disk, file)}`);
  });

  test("ends unpacking with 7 and a sentence; with room again it goes on", async () => {
    const disk = join(place.path, "small-target");
    await mkdir(disk);
    const all = await onSmallDisk(disk, "6m", "--extract", bundle, "--archive", disk);
    expect(all).toContain("ended with 7");
    expect(all).toContain("The disk is full");
    expect(all).toContain("Going on");
    for (const [file, sha256] of Object.entries(whole))
      expect(all).toContain(`${sha256}  ${join(disk, file)}`);
  });
});
