import {
  appendFile,
  copyFile,
  cp,
  mkdtemp,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { contentOf, makeArchive } from "@firebreak/testing/bundles/bundled-archive";
import { unpack } from "@firebreak/testing/bundles/unpack";
import { sticksOf, volumesIn } from "@firebreak/testing/bundles/volumes";

let place: Awaited<ReturnType<typeof folder>>;
let bundle: string;
let other: string;
let volumes: string[];
let whole: Record<string, string>;
beforeAll(async () => {
  place = await folder();
  const pack = async (name: string, seed: string): Promise<string> => {
    const archive = await makeArchive(join(place.path, name), {
      partBytes: [100_000, 2_000_000, 0, 500_000],
      seed,
    });
    await mustEndWell(["bundle", "--archive", archive, "--volume-mib", "1"]);
    return `${archive}.bundle`;
  };
  bundle = await pack("chat", "a");
  other = await pack("other", "b");
  volumes = await volumesIn(bundle);
  whole = await contentOf(join(place.path, "chat"));
});
afterAll(() => place[Symbol.asyncDispose]());

/** A copy of the bundle to be spoilt, and a new place to unpack it to. */
async function copy(): Promise<{ stick: string; target: string }> {
  const own = await mkdtemp(join(place.path, "copy-"));
  await cp(bundle, join(own, "stick"), { recursive: true });
  return { stick: join(own, "stick"), target: join(own, "target") };
}

const flip = async (path: string, at: number): Promise<void> => {
  const bytes = await readFile(path);
  bytes[at]! ^= 0x20;
  await writeFile(path, bytes);
};

describe("a damaged volume", () => {
  const damages: readonly (readonly [string, (path: string) => Promise<void>, RegExp])[] = [
    ["with a flipped byte in a content", async (p) => flip(p, (await stat(p)).size >> 1), /SHA-256/],
    ["with a flipped byte in its first head", (p) => flip(p, 3), /head of a member/],
    ["with a flipped byte in its label for people", (p) => flip(p, 600), /label/],
    [
      "with a flipped byte behind its last member",
      async (p) => flip(p, (await stat(p)).size - 700),
      /zeros|end|head/,
    ],
    ["that is cut off by a byte", async (p) => truncate(p, (await stat(p)).size - 1), /cut off/],
    ["that is cut off in the middle", async (p) => truncate(p, (await stat(p)).size >> 1), /cut off/],
    ["that is empty", (p) => truncate(p, 0), /cut off/],
    ["with something behind its end", (p) => appendFile(p, "more"), /behind its end/],
    ["with zeros behind its end", (p) => appendFile(p, Buffer.alloc(10_240)), /SHA-256/],
    ["with the checksum of another", (p) => writeFile(`${p}.sha256`, `${"0".repeat(64)}  x\n`), /SHA-256/],
    ["with a checksum that is none", (p) => writeFile(`${p}.sha256`, "not a hash\n"), /\.sha256/],
  ];
  test.each(damages)(
    "%s is refused by name; copied again, the rest of the bundle goes on",
    async (_, damage, says) => {
      const { stick, target } = await copy();
      const victim = volumes[1]!;
      await damage(join(stick, victim));
      const { exitCode, told } = await unpack(stick, target);
      expect({ exitCode, told }).toEqual({ exitCode: 5, told: expect.stringContaining(victim) as string });
      expect(told).toMatch(says);
      await expect(stat(join(target, "manifest.json"))).rejects.toThrow("ENOENT");
      for (const file of [victim, `${victim}.sha256`]) await copyFile(join(bundle, file), join(stick, file));
      expect(await unpack(stick, target)).toEqual({ exitCode: 0, told: "" });
      expect(await contentOf(target)).toEqual(whole);
    },
  );

  test("is noticed wherever one byte is flipped, in every volume", async () => {
    const { stick } = await copy();
    let attempt = 0;
    for (const victim of volumes) {
      const path = join(stick, victim);
      const { size } = await stat(path);
      // Odd steps, so that heads, labels, contents and padding all get their turn.
      for (let at = 17; at < size; at += Math.ceil(size / 13) | 1) {
        await flip(path, at);
        const { exitCode, told } = await unpack(stick, join(place.path, `flipped-${attempt++}`));
        expect({ victim, at, exitCode, told }).toMatchObject({
          exitCode: 5,
          told: expect.stringContaining(victim) as string,
        });
        await flip(path, at);
      }
    }
  });

  test("without its checksum file is noticed too, where a byte of what it carries is flipped", async () => {
    const { stick } = await copy();
    for (const volume of volumes) await rm(join(stick, `${volume}.sha256`));
    const path = join(stick, volumes[0]!);
    for (const at of [3, 600, 2100, 3000, 5000, 400_000]) {
      await flip(path, at);
      const { exitCode, told } = await unpack(stick, join(place.path, `unchecked-${at}`));
      expect({ at, exitCode, told }).toMatchObject({
        exitCode: 5,
        told: expect.stringContaining(volumes[0]!) as string,
      });
      await flip(path, at);
    }
    expect(await unpack(stick, join(place.path, "unchecked"))).toMatchObject({ exitCode: 0 });
  });
});

describe("volumes", () => {
  test("that come one at a time, in any order, are taken as they come; those missing are named", async () => {
    const sticks = await sticksOf(bundle, place.path);
    const target = join(place.path, "arrived");
    const order = [...sticks.slice(1), sticks[0]!];
    for (const [i, stick] of order.entries()) {
      const { exitCode, told } = await unpack(stick, target);
      if (i === order.length - 1) {
        expect({ exitCode, told }).toEqual({ exitCode: 0, told: "" });
        break;
      }
      expect(exitCode).toBe(5);
      for (const [j, volume] of volumes.entries()) expect(told.includes(volume)).toBe(j === 0 || j > i + 1);
      await expect(stat(join(target, "manifest.json"))).rejects.toThrow("ENOENT");
      // The same stick once more changes nothing.
      expect(await unpack(stick, target)).toEqual({ exitCode, told });
    }
    expect(await contentOf(target)).toEqual(whole);
  });

  test("may have other names", async () => {
    const { stick, target } = await copy();
    for (const [i, volume] of volumes.entries())
      await rename(join(stick, volume), join(stick, `${9 - i} (copy).tar`));
    expect(await unpack(stick, target)).toEqual({ exitCode: 0, told: "" });
    expect(await contentOf(target)).toEqual(whole);
  });

  test("of two bundles in one folder are refused before anything is written", async () => {
    const { stick, target } = await copy();
    const [foreign] = await volumesIn(other);
    await copyFile(join(other, foreign!), join(stick, foreign!));
    const { exitCode, told } = await unpack(stick, target);
    expect({ exitCode, told }).toEqual({ exitCode: 6, told: expect.stringContaining(foreign!) as string });
    await expect(stat(target)).rejects.toThrow("ENOENT");
  });

  test("of another bundle on the second stick are refused by name, and the right stick goes on", async () => {
    const sticks = await sticksOf(bundle, place.path);
    const wrong = (await sticksOf(other, place.path))[1]!;
    const target = join(place.path, "two-sticks");
    await unpack(sticks[0]!, target);
    const before = await contentOf(target);
    const { exitCode, told } = await unpack(wrong, target);
    expect({ exitCode, told }).toEqual({
      exitCode: 6,
      told: expect.stringContaining((await volumesIn(other))[1]!) as string,
    });
    expect(await contentOf(target)).toEqual(before);
    for (const stick of sticks.slice(1)) await unpack(stick, target);
    expect(await contentOf(target)).toEqual(whole);
  });

  test("that are the same twice are refused with both names", async () => {
    const { stick, target } = await copy();
    await copyFile(join(stick, volumes[0]!), join(stick, "again.tar"));
    const { exitCode, told } = await unpack(stick, target);
    expect(exitCode).toBe(6);
    expect(told).toContain("again.tar");
    expect(told).toContain(volumes[0]);
  });
});

describe("a target", () => {
  test("with a link in it is refused: what is unpacked could go elsewhere", async () => {
    const sticks = await sticksOf(bundle, place.path);
    const target = join(place.path, "linked");
    await unpack(sticks[0]!, target);
    await rm(join(target, "source"), { recursive: true });
    await symlink(place.path, join(target, "source"));
    const { exitCode, told } = await unpack(sticks[1]!, target);
    expect({ exitCode, told }).toEqual({ exitCode: 5, told: expect.stringContaining("source") as string });
  });

  test("whose disk did not keep a file is not taken for good", async () => {
    const sticks = await sticksOf(bundle, place.path);
    const target = join(place.path, "forgetful");
    for (const stick of sticks.slice(0, -1)) await unpack(stick, target);
    await flip(join(target, "source/db/c/00000.ndjson.zst"), 5000);
    const { exitCode, told } = await unpack(sticks.at(-1)!, target);
    expect({ exitCode, told }).toEqual({
      exitCode: 5,
      told: expect.stringContaining("00000.ndjson.zst") as string,
    });
  });
});
