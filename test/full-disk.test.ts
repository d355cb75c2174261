import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Binary, BSON, Int32 } from "bson";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { writeDump } from "@firebreak/testing/dumps/small-dump";

const MAIN = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");

/** A small disk of its own, seen by the command in it alone: `$0` is its folder; it grows after the first run. */
const SMALL_DISK = `mount -t tmpfs -o size=$SIZE none "$0"
[ -z "$WITH" ] || cp -r "$WITH" "$0/archive"
"$@"; echo "ended with $?"
mount -o remount,size=200m "$0"
"$@"; echo "then with $?"
find "$0" -name '*.zst' -exec sh -c 'zstd -dcq "$1" | sha256sum | cut -c1-64' _ {} ';'`;
const [program, ...own] = process.getuid?.() === 0 ? ["unshare", "-m"] : ["unshare", "-rm"];
const canMount =
  (await execa(program, [...own, "mount", "-t", "tmpfs", "none", "/mnt"], { reject: false })).exitCode === 0;

describe.skipIf(!canMount)(
  `a full disk${canMount ? "" : " (skipped: unshare and mount are not permitted here)"}`,
  () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let whole: string;
    beforeAll(async () => {
      place = await folder();
      const documents = Array.from({ length: 6_000 }, (_, n) =>
        Buffer.from(BSON.serialize({ _id: new Int32(n), data: new Binary(randomBytes(1000)) })).toString(
          "hex",
        ),
      );
      const collection = { kind: "collection", optionsText: "{}", indexTexts: [] } as const;
      await writeDump(join(place.path, "dump"), [
        { namespace: "full.c", database: "full", collection: "c", ...collection, documents },
      ]);
      whole = join(place.path, "whole");
      const source = ["--source", "dump", "--dump", join(place.path, "dump"), "--part-mib", "1"];
      await mustEndWell(["export", ...source, "--archive", whole]);
    });
    afterAll(() => place[Symbol.asyncDispose]());

    async function onSmallDisk(
      disk: string,
      size: string,
      copied: string,
      args: readonly string[],
    ): Promise<string> {
      await mkdir(disk);
      const command = [...own, "sh", "-c", SMALL_DISK, disk, process.execPath, MAIN, ...args];
      const env = { SIZE: size, WITH: copied };
      return (await execa(program, command, { reject: false, all: true, env })).all;
    }

    test("ends an export with 7 and a sentence; with room again it goes on to the same parts", async () => {
      const disk = join(place.path, "export");
      const dump = ["--source", "dump", "--dump", join(place.path, "dump"), "--part-mib", "1"];
      const all = await onSmallDisk(disk, "4m", "", ["export", ...dump, "--archive", join(disk, "archive")]);
      expect(all).toContain("ended with 7");
      expect(all).toContain("The disk is full");
      expect(all).toContain("Going on");
      expect(all).toContain("then with 0");
      const [ns] = await namespacesOf(whole);
      for (const part of ns!.parts) expect(all).toContain(part.plainSha256);
    });

    test("ends a transform with 7 and a sentence, and leaves the archive as it was", async () => {
      const disk = join(place.path, "transform");
      const all = await onSmallDisk(disk, "10m", whole, ["transform", "--archive", join(disk, "archive")]);
      expect(all).toContain("ended with 7");
      expect(all).toContain("The disk is full");
      expect(all).toContain("then with 0");
      const [ns] = await namespacesOf(whole);
      for (const part of ns!.parts) expect(all).toContain(part.plainSha256);
    });

    test("ends the writing of a dump with 7 and a sentence; again it is written whole", async () => {
      const disk = join(place.path, "dumped");
      const all = await onSmallDisk(disk, "3m", "", [
        "restore",
        "--archive",
        whole,
        "--to-dump",
        join(disk, "dump"),
      ]);
      expect(all).toContain("ended with 7");
      expect(all).toContain("The disk is full");
      expect(all).toContain("then with 0");
    });
  },
);
