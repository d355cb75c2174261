import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listFiles, sha256Of } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { labelFiles } from "../src/label-files.ts";
import { bundleId, type LabelHead, type LabelMember } from "../src/label.ts";
import { handMadeTar, paxName, type HandMade } from "./support/hostile-tar.ts";
import { unpack } from "@firebreak/testing/bundles/unpack";

const MANIFEST_SHA256 = sha256Of("no manifest hashes to this");
const HEAD: LabelHead = {
  format: "firebreak-volume",
  formatVersion: 1,
  archive: "chat",
  bundle: bundleId({ manifestSha256: MANIFEST_SHA256, volumeMib: 1 }),
  manifestSha256: MANIFEST_SHA256,
  volumeMib: 1,
  volume: 1,
  volumeCount: 2,
  fileCount: 3,
  fileBytes: 3,
};

let place: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  place = await folder();
});
afterAll(() => place[Symbol.asyncDispose]());

function listed(name: string, content = "x"): LabelMember {
  return { name, bytes: content.length, sha256: sha256Of(content) };
}

/** A volume whose label is in order and lists `members`, and which then holds `contents`. */
function volume(members: readonly LabelMember[], contents: readonly HandMade[], head = HEAD): Buffer {
  return handMadeTar([...labelFiles(head, members), ...contents]);
}

const file = (name: string, content = "x"): HandMade => ({ name, content });
/** A volume with one file of this name, listed and there: only the name is wrong. */
const named = (name: string): Buffer => volume([listed(name)], [paxName(name), file("short")]);
/** A volume with a good file, then this. */
const after = (...members: readonly HandMade[]): Buffer =>
  volume([listed("good")], [file("good"), ...members]);
const piece = (name: string, of: Partial<NonNullable<LabelMember["piece"]>>): Buffer =>
  volume(
    [
      {
        ...listed(name),
        piece: { file: "f", number: 1, count: 1, offset: 0, fileBytes: 1, fileSha256: sha256Of("x"), ...of },
      },
    ],
    [file(name)],
  );
/** A volume whose label says something else than that of an honest one. */
const labelled = (change: (json: string) => string): Buffer => {
  const [text, json, sums] = labelFiles(HEAD, [listed("good")]);
  const changed = change(json!.content);
  const right = sums!.content.replace(sha256Of(json!.content), sha256Of(changed));
  return handMadeTar([text!, { ...json!, content: changed }, { ...sums!, content: right }, file("good")]);
};

/** What stands in the volume, and what the refusal must say. */
const hostile: readonly (readonly [title: string, tar: Buffer, says: string])[] = [
  ["a name that climbs out", named("../climbed"), "../climbed"],
  ["a name that climbs out later", named("source/../../climbed"), "source/../../climbed"],
  ["an absolute name", named("/tmp/climbed"), "/tmp/climbed"],
  ["a name with a backslash", named("..\\climbed"), "climbed"],
  ["a name with a NUL", named("good\0climbed"), "climbed"],
  ["a name on a Windows drive", named("c:climbed"), "c:climbed"],
  ["a name with an empty segment", named("source//climbed"), "source//climbed"],
  ["no name", named(""), '""'],
  ["our own progress file", named("bundle-progress.ndjson"), "bundle-progress.ndjson"],
  ["a name that climbs out, not listed", after(file("../climbed")), "../climbed"],
  ["a long name that climbs out, not listed", after(paxName("../climbed"), file("good")), "../climbed"],
  ["a piece of a file that climbs out", piece("x.firebreak-piece-0001", { file: "../climbed" }), "climbed"],
  ["a piece that is not named after its file", piece("g.firebreak-piece-0001", {}), "g.firebreak-piece"],
  ["a piece behind its file's end", piece("f.firebreak-piece-0001", { offset: 1 }), "f.firebreak-piece"],
  ["a symbolic link", after({ name: "way", kind: "2", linkName: "/etc" }), '"way"'],
  [
    "a link in the place of a listed file",
    volume([listed("good")], [{ name: "good", kind: "2", linkName: "/etc/passwd" }]),
    '"good"',
  ],
  ["a hard link", after({ name: "way", kind: "1", linkName: "/etc/passwd" }), '"way"'],
  ["a character device", after({ name: "device", kind: "3" }), '"device"'],
  ["a block device", after({ name: "device", kind: "4" }), '"device"'],
  ["a folder", after({ name: "folder/", kind: "5" }), '"folder/"'],
  ["a folder of the old kind", after({ name: "folder/" }), "folder/"],
  ["a pipe", after({ name: "pipe", kind: "6" }), '"pipe"'],
  [
    "a GNU long name",
    after({ name: "././@LongLink", kind: "L", content: "../climbed\0" }, file("x")),
    "LongLink",
  ],
  ["a sparse file", after({ name: "sparse", kind: "S" }), '"sparse"'],
  [
    "a global header",
    after({ name: "global", kind: "g", content: "16 path=climbed\n" }, file("good")),
    '"global"',
  ],
  ["an extended header of a gigabyte", after({ name: "huge", kind: "x", bytes: 2 ** 30 }), '"huge"'],
  ["a member twice", after(file("good")), '"good" is there twice'],
  [
    "a member that the label does not list",
    after(file("stranger")),
    '"stranger" is not in the volume\'s label',
  ],
  ["a member listed twice", volume([listed("good"), listed("good")], [file("good"), file("good")]), "twice"],
  ["a listed member that is not there", volume([listed("good"), listed("gone")], [file("good")]), '"gone"'],
  ["a member of another size", volume([listed("good", "xy")], [file("good", "x")]), '"good"'],
  ["a member of other content", volume([listed("good")], [file("good", "y")]), "SHA-256 of good"],
  ["no label", handMadeTar([file("good")]), "does not begin with a label"],
  ["nothing", handMadeTar([]), "does not begin with a label"],
  ["no tar file", Buffer.from("not a tar file ".repeat(1000)), "head of a member"],
  ["no byte", Buffer.alloc(0), "cut off"],
  ["a label that is no JSON", labelled(() => "{"), "label"],
  ["a label of another format", labelled((j) => j.replace("firebreak-volume", "firebroke-volume")), "label"],
  [
    "a label of a newer format",
    labelled((j) => j.replace('"formatVersion":1', '"formatVersion":2')),
    "format 2",
  ],
  [
    "a label with another list of checksums",
    labelled((j) => j.replace('"bytes":1', '"bytes":1 ').replace('"good"', '"evil"')),
    "label",
  ],
  ["a label of another number", labelled((j) => j.replace('"volume":1', '"volume":2')), "label"],
  ["a number above the count", volume([listed("good")], [file("good")], { ...HEAD, volume: 3 }), "label"],
  [
    "a bundle's id that is not its own",
    volume([listed("good")], [file("good")], { ...HEAD, bundle: MANIFEST_SHA256 }),
    "label",
  ],
  [
    "a name of the archive that climbs out",
    volume([listed("good")], [file("good")], { ...HEAD, archive: "../chat" }),
    "label",
  ],
];

test.each(hostile)(
  "%s is refused by name, and leaves nothing outside or half done",
  async (title, tar, says) => {
    const stick = join(place.path, title, "stick");
    const target = join(place.path, title, "target");
    await mkdir(stick, { recursive: true });
    await writeFile(join(stick, "evil.tar"), tar);
    const { exitCode, told } = await unpack(stick, target);
    expect(told).toContain("evil.tar");
    expect(told).toContain(says);
    expect(exitCode).toBe(5);
    expect((await readdir(join(place.path, title))).filter((name) => name !== "target")).toEqual(["stick"]);
    const left = await listFiles(target).catch(() => []);
    expect(left.filter((name) => name !== "bundle-progress.ndjson" && name !== "good")).toEqual([]);
    for (const climbed of ["/tmp/climbed", join(place.path, "climbed")])
      await expect(stat(climbed)).rejects.toThrow("ENOENT");
  },
);

test("an honest volume of the same making is unpacked", async () => {
  const stick = join(place.path, "honest");
  await mkdir(stick);
  await writeFile(join(stick, "good.tar"), after());
  expect(await unpack(stick, join(place.path, "honest-target"))).toEqual({
    exitCode: 5,
    told: expect.stringContaining("0002-of-0002") as string,
  });
});
