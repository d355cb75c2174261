import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { EJSON, Int32, type Document } from "bson";
import type { Db } from "mongodb";
import { expect, test } from "vitest";
import { readSourceManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { killedAt, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { linesOf } from "@firebreak/testing/archives/read-lines";

/** Together more than a part of the default size; each fills the buffers that lines are gathered in. */
const LARGE_COUNT = 115;
const LARGE_BYTES = 600_000;
const SMALL_COUNT = 3000;

/** From the end of reading to the end of all, each in the run after the one before. */
const POINTS = [
  "changes-written:1",
  "changes-folded:1",
  "changes-folded:2",
  "export-closed:1",
  "file-in-place:1",
  "file-in-place:3",
  "files-in-place:1",
  "checksums-written:1",
  "manifest-written:1",
];

interface Numbered extends Document {
  readonly _id: Int32;
}

const large = (n: number, text: string): Numbered => ({ _id: new Int32(n), text: text.repeat(LARGE_BYTES) });
const small = (n: number, text: string): Numbered => ({ _id: new Int32(n), text });
const numbers = (count: number, from = 0): number[] => Array.from({ length: count }, (_, n) => from + n);

/** The filter of documents whose number leaves a rest. */
const ofEach = (divisor: number, rest: number): object => ({ _id: { $mod: [divisor, rest] } });

async function fill(db: Db): Promise<void> {
  await db.collection<Numbered>("large").insertMany(numbers(LARGE_COUNT).map((n) => large(n, "x")));
  await db.collection<Numbered>("small").insertMany(numbers(SMALL_COUNT).map((n) => small(n, `first ${n}`)));
  await db.collection<Numbered>("gone").insertOne(small(1, "soon gone"));
}

/** What a writer does between the reading and the closing. */
async function change(db: Db): Promise<void> {
  const [ofLarge, ofSmall] = [db.collection<Numbered>("large"), db.collection<Numbered>("small")];
  for (const n of [0, 64, LARGE_COUNT - 1]) await ofLarge.replaceOne({ _id: new Int32(n) }, large(n, "y"));
  await ofLarge.deleteMany({ _id: { $in: [new Int32(1), new Int32(100)] } });
  await ofLarge.insertMany(numbers(3, LARGE_COUNT).map((n) => large(n, "z")));
  await ofSmall.updateMany(ofEach(3, 0), { $set: { text: "second" } });
  await ofSmall.deleteMany(ofEach(7, 1));
  await db.collection("gone").drop();
  await db.collection<Numbered>("fresh").insertMany(numbers(10).map((n) => small(n, "fresh")));
}

const { isLacking, why } = lacking("mongodb");
test.skipIf(isLacking)(
  `an export killed at every step of its end is its source as it was then, with parts of the usual size${why}`,
  async () => {
    await using source = await mongodbDatabase(ownName("killed"));
    await using place = await folder();
    const archive = join(place.path, "archive");
    const args = ["export", "--archive", archive, "--jobs", "1"];
    const settings = { mongodbUrl: source.url };
    await fill(source.db);
    await killedAt("ranges-read:1", args, settings);
    await change(source.db);
    for (const point of POINTS) {
      await killedAt(point, args, settings);
      expect((await readdir(archive)).includes("manifest.json")).toBe(point.startsWith("manifest-written"));
    }
    await mustEndWell(args, settings);
    await mustEndWell(["verify", "--archive", archive]);
    expect((await readdir(archive)).sort()).toEqual(["SHA256SUMS", "manifest.json", "source"]);
    const { manifest } = await readSourceManifest(archive);
    expect(manifest.consistency).toBe("snapshot");
    expect(manifest.namespaces.map((n) => n.collection)).toEqual(["fresh", "large", "small"]);
    expect(manifest.namespaces[1]!.parts.length).toBeGreaterThan(1);
    for (const { namespace, collection } of manifest.namespaces) {
      const found = await source.db
        .collection(collection)
        .find({}, { promoteValues: false })
        .sort({ _id: 1 })
        .toArray();
      const wanted = found.map((document) => EJSON.stringify(document, { relaxed: false }));
      const lines = await linesOf(archive, namespace);
      expect(lines.length).toBe(wanted.length);
      // Not as one array: what differs would be printed whole.
      expect(lines.every((line, i) => line === wanted[i])).toBe(true);
    }
  },
  600_000,
);
