import { cp, mkdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listFiles, safeName } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { contentOf, makeArchive } from "@firebreak/testing/bundles/bundled-archive";
import { stock, volumesIn } from "@firebreak/testing/bundles/volumes";

const MIB = 1 << 20;

let place: Awaited<ReturnType<typeof folder>>;
let archive: string;
let whole: Record<string, string>;
beforeAll(async () => {
  place = await folder();
  archive = await makeArchive(join(place.path, "chat"), {
    partBytes: [600_000, 6_500_000, 900_000, 0, 1_300_000],
    isTransformed: true,
  });
  whole = await contentOf(archive);
});
afterAll(() => place[Symbol.asyncDispose]());

/** Packs the archive into a new folder of that name. */
async function pack(name: string, ...args: readonly string[]): Promise<string> {
  const out = join(place.path, name);
  await mustEndWell(["bundle", "--archive", archive, "--out", out, ...args]);
  return out;
}

describe("a bundle", () => {
  test.each(["1", "2", "3", "7", "1000"])(
    "of volumes of %s MiB comes back as the same files, and each volume keeps to its size",
    async (mib) => {
      const out = await pack(`of-${mib}`, "--volume-mib", mib);
      const target = join(place.path, `back-${mib}`);
      for (const volume of await volumesIn(out))
        expect((await stat(join(out, volume))).size).toBeLessThanOrEqual(Number(mib) * MIB);
      const ended = await firebreak(["bundle", "--extract", out, "--archive", target]);
      expect(ended).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await contentOf(target)).toEqual(whole);
      expect(await firebreak(["verify", "--archive", target])).toMatchObject({ exitCode: 0 });
    },
  );

  test("has one volume beside the archive when nothing else is said", async () => {
    await mustEndWell(["bundle", "--archive", archive]);
    expect(await volumesIn(`${archive}.bundle`)).toEqual([
      expect.stringMatching(/^chat-[0-9a-f]{8}-0001-of-0001\.tar$/),
    ]);
  });

  test("is the same bytes whenever and wherever it is packed, whatever --jobs is", async () => {
    const first = await contentOf(await pack("once", "--volume-mib", "2"));
    const elsewhere = join(place.path, "elsewhere", "chat");
    await cp(archive, elsewhere, { recursive: true });
    const out = join(place.path, "again");
    await mustEndWell(["bundle", "--archive", elsewhere, "--out", out, "--volume-mib", "2", "--jobs", "3"]);
    expect(await contentOf(out)).toEqual(first);
  });

  test("packed again with all its volumes sealed is left as it is", async () => {
    const out = await pack("sealed", "--volume-mib", "2");
    const times = async (): Promise<number[]> =>
      Promise.all((await listFiles(out)).map(async (f) => (await stat(join(out, f))).mtimeMs));
    const before = await times();
    const { stdout } = await mustEndWell(["bundle", "--archive", archive, "--out", out, "--volume-mib", "2"]);
    expect(stdout).toContain("sealed already");
    expect(await times()).toEqual(before);
  });

  test("has the mysql/ that transform wrote elsewhere", async () => {
    const plain = join(place.path, "plain");
    const work = join(place.path, "work");
    await cp(archive, plain, { recursive: true });
    await mkdir(work);
    await rename(join(plain, "mysql"), join(work, "mysql"));
    const out = join(place.path, "from-work");
    await mustEndWell(["bundle", "--archive", plain, "--work", work, "--out", out]);
    const target = join(place.path, "back-from-work");
    await mustEndWell(["bundle", "--extract", out, "--archive", target]);
    expect(await contentOf(target)).toEqual(whole);
  });

  test("unpacked again over its own archive is verified, and refuses to replace another", async () => {
    const out = await pack("over", "--volume-mib", "2");
    const target = join(place.path, "over-back");
    await mustEndWell(["bundle", "--extract", out, "--archive", target]);
    await mustEndWell(["bundle", "--extract", out, "--archive", target]);
    expect(await contentOf(target)).toEqual(whole);
    const other = await makeArchive(join(place.path, "other"), { partBytes: [100] });
    const ended = await firebreak(["bundle", "--extract", out, "--archive", other]);
    expect(ended).toMatchObject({ exitCode: 6, stderr: expect.stringContaining("manifest.json") as string });
  });
});

describe("a volume", () => {
  let out: string;
  let volumes: string[];
  beforeAll(async () => {
    out = await pack("stock", "--volume-mib", "2");
    volumes = await volumesIn(out);
  });

  test("has its checksum beside it, as sha256sum takes it", async () => {
    const printed = await stock(out, "sha256sum", "-c", ...volumes.map((v) => `${v}.sha256`));
    expect(printed.split("\n")).toEqual(volumes.map((v) => `${v}: OK`));
  });

  test("is listed by stock tar: its label, then files and pieces with nothing of this machine", async () => {
    const listed = await stock(out, "tar", "--full-time", "--utc", "-tvf", volumes[0]!);
    expect(listed).toContain("mysql/c/00001.csv.zst.firebreak-piece-0001");
    for (const line of listed.split("\n"))
      expect(line).toMatch(/^-rw-r--r-- 0\/0 +\d+ 1980-01-01 00:00:00 \S+$/);
    expect((await stock(out, "tar", "-tf", volumes[0]!)).split("\n").slice(0, 4)).toEqual([
      "firebreak-volume-0001.txt",
      "firebreak-volume-0001.json",
      "firebreak-volume-0001.sha256",
      "SHA256SUMS",
    ]);
  });

  test("tells with its label what it is of and what is on it", async () => {
    const text = await stock(out, "tar", "-xOf", volumes[1]!, "firebreak-volume-0002.txt");
    expect(text).toContain(`volume 2 of ${volumes.length} of the archive chat`);
    expect(text).toContain(whole["manifest.json"]);
    const json = JSON.parse(await stock(out, "tar", "-xOf", volumes[1]!, "firebreak-volume-0002.json")) as {
      members: { name: string; bytes: number; sha256: string }[];
    };
    for (const { name, bytes, sha256 } of json.members)
      expect(text).toContain(`${sha256} ${bytes} ${name}\n`);
  });

  test("and all others come back by hand, with the commands that the label names", async () => {
    const hand = join(place.path, "hand");
    await mkdir(hand);
    // The last first: any order must do.
    for (const volume of volumes.toReversed()) await stock(hand, "tar", "-xf", join(out, volume));
    const text = await readFile(join(hand, "firebreak-volume-0001.txt"), "utf8");
    const recipe = /in the same folder,\n\n([^]*?)\n\nMembers/.exec(text)?.[1] ?? "false";
    expect(await stock(hand, "sh", "-e", "-c", recipe)).toBe("");
    const readme = await readFile(join(import.meta.dirname, "../README.md"), "utf8");
    for (const line of recipe.split("\n")) expect(readme).toContain(line.trim());
    expect(await contentOf(hand)).toEqual(whole);
  });
});

describe("long names", () => {
  test("go through stock tar and back", async () => {
    const collection = `nä${"n".repeat(180)}`;
    const long = await makeArchive(join(place.path, "long"), { partBytes: [100], collection });
    const out = join(place.path, "long.bundle");
    await mustEndWell(["bundle", "--archive", long]);
    const [volume] = await volumesIn(out);
    expect(await stock(out, "tar", "-tf", volume!)).toContain(
      `source/db/${safeName(collection)}/00000.ndjson.zst`,
    );
    await mustEndWell(["bundle", "--extract", out, "--archive", join(place.path, "long-back")]);
    expect(await contentOf(join(place.path, "long-back"))).toEqual(await contentOf(long));
  });
});

describe("output", () => {
  test("of --dry-run says what would be done, and nothing is written", async () => {
    const out = join(place.path, "never");
    const args = ["bundle", "--archive", archive, "--out", out, "--volume-mib", "2", "--dry-run"];
    expect((await mustEndWell(args)).stdout).toMatch(/17 files \([\d,]+ bytes\) in 8 volumes would be/);
    await expect(stat(out)).rejects.toThrow("ENOENT");
    const volumes = await pack("dry", "--volume-mib", "2");
    const target = join(place.path, "never-back");
    const { stdout } = await mustEndWell(["bundle", "--extract", volumes, "--archive", target, "--dry-run"]);
    expect(stdout).toContain("0008-of-0008.tar would be unpacked");
    await expect(stat(target)).rejects.toThrow("ENOENT");
  });

  test("with --json is events alone, the summary with the account last", async () => {
    const out = join(place.path, "json");
    const packed = eventsOf(await mustEndWell(["bundle", "--archive", archive, "--out", out, "--json"]));
    const unpacked = eventsOf(
      await mustEndWell(["bundle", "--extract", out, "--archive", join(place.path, "json-back"), "--json"]),
    );
    for (const [events, code] of [
      [packed, "bundle-packed"],
      [unpacked, "bundle-extracted"],
    ] as const) {
      expect(events).toContainEqual(
        expect.objectContaining({
          event: "note",
          code,
          fields: expect.objectContaining({ files: 17, volumes: 1 }) as object,
        }),
      );
      expect(events.at(-1)).toMatchObject({
        event: "summary",
        command: "bundle",
        ok: true,
        exitCode: 0,
        namespaces: [{ namespace: "db.c", documents: 54, lines: 54 }],
      });
    }
  });
});

describe("what is not right is refused before anything is written:", () => {
  const wrong: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["volumes of no size", ["--volume-mib", "0"], /volume-mib/],
    ["volumes of less than nothing", ["--volume-mib=-1"], /volume-mib/],
    ["half a MiB", ["--volume-mib", "0.5"], /volume-mib/],
    ["no number of MiB", ["--volume-mib", "4G"], /volume-mib/],
    ["more MiB than can be counted", ["--volume-mib", "1e300"], /volume-mib/],
    ["a size for unpacking", ["--extract", ".", "--volume-mib", "1"], /volume-mib/],
    ["two directions", ["--extract", ".", "--out", "x"], /out/],
    ["a folder for volumes inside the archive", ["--out", "ARCHIVE/volumes"], /inside/],
    ["the archive itself for the volumes", ["--out", "ARCHIVE"], /inside/],
  ];
  test.each(wrong)("%s", async (_, args, says) => {
    const { exitCode, stderr } = await firebreak([
      "bundle",
      "--archive",
      archive,
      ...args.map((arg) => arg.replace("ARCHIVE", archive)),
    ]);
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
    expect(await contentOf(archive)).toEqual(whole);
  });

  test("an archive that is not there, or not complete", async () => {
    const unfinished = join(place.path, "unfinished");
    await mkdir(unfinished);
    for (const name of [unfinished, join(place.path, "nowhere")]) {
      const { exitCode, stderr } = await firebreak(["bundle", "--archive", name]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining(name) as string });
      await expect(stat(`${name}.bundle`)).rejects.toThrow("ENOENT");
    }
  });

  test("an archive with a changed byte, by the file's name", async () => {
    const damaged = join(place.path, "damaged");
    await cp(archive, damaged, { recursive: true });
    const file = join(damaged, "source/db/c/00001.ndjson.zst");
    await stock(place.path, "sh", "-c", `printf x | dd of="$1" bs=1 seek=1000000 conv=notrunc`, "sh", file);
    const { exitCode, stderr } = await firebreak(["bundle", "--archive", damaged, "--volume-mib", "2"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining(file) as string });
    await expect(stat(`${damaged}.bundle`)).rejects.toThrow("ENOENT");
  });

  test("a folder that holds another bundle or anything else", async () => {
    const out = await pack("mixed", "--volume-mib", "3");
    const { exitCode, stderr } = await firebreak([
      "bundle",
      "--archive",
      archive,
      "--out",
      out,
      "--volume-mib",
      "2",
    ]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 6,
      stderr: expect.stringContaining((await volumesIn(out))[0]!) as string,
    });
  });

  test("a target that holds something else, or is a file", async () => {
    const out = await pack("for-taken", "--volume-mib", "3");
    const taken = join(place.path, "taken");
    await mkdir(join(taken, "holiday"), { recursive: true });
    await cp(join(archive, "SHA256SUMS"), join(taken, "holiday", "photo.jpg"));
    for (const [target, named] of [
      [taken, "holiday/photo.jpg"],
      [join(archive, "SHA256SUMS"), "SHA256SUMS"],
    ] as const) {
      const { exitCode, stderr } = await firebreak(["bundle", "--extract", out, "--archive", target]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 6, stderr: expect.stringContaining(named) as string });
    }
    expect(await listFiles(taken)).toEqual(["holiday/photo.jpg"]);
  });

  test("a folder without volumes, or none at all", async () => {
    for (const from of [archive, join(place.path, "nowhere")]) {
      const target = join(place.path, "nothing");
      const { exitCode, stderr } = await firebreak(["bundle", "--extract", from, "--archive", target]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining(from) as string });
      await expect(stat(target)).rejects.toThrow("ENOENT");
    }
  });
});
