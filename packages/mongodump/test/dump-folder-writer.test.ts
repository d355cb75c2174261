import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EJSON } from "bson";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { DumpFolderWriter } from "../src/dump-folder-writer.ts";
import { fixturePath, lacksFixture, whyNoFixture } from "@firebreak/testing/dumps/fixture";
import { readDump } from "@firebreak/testing/dumps/read-dump";
import { SMALL, writeDump } from "@firebreak/testing/dumps/small-dump";

let place: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  place = await folder();
});
afterAll(() => place[Symbol.asyncDispose]());

describe("a folder that was written", () => {
  test("is read as what was written", async () => {
    const path = join(place.path, "again");
    await writeDump(path, SMALL);
    expect(await readDump(path)).toEqual(SMALL);
  });

  test("has files with mongodump's names", async () => {
    const path = join(place.path, "names");
    await writeDump(path, SMALL);
    expect((await readdir(path)).sort()).toEqual(["other", "small"]);
    const names = await readdir(join(path, "small"));
    expect(names).toContain("system.buckets.series.bson");
    expect(names).toContain("series.metadata.json");
    expect(names).toContain("with+space%2Fslash%25.bson");
    expect(names).toContain("view.metadata.json");
    expect(names).not.toContain("view.bson");
    expect(names.filter((n) => n.startsWith("x")).map((n) => n.length)).toEqual([243, 252]);
  });

  test("has no file under its own name before it is sealed, and none at all when it is given up", async () => {
    const path = join(place.path, "open");
    const writer = await DumpFolderWriter.open(path);
    const file = await writer.collection(SMALL[0]!);
    await file.write(Buffer.from(SMALL[0]!.documents[0]!, "hex"));
    const [open, ...others] = await readdir(join(path, "other"));
    expect(open).toMatch(/\.partial$/);
    expect(others).toEqual([]);
    await file.abandon();
    expect(await readdir(join(path, "other"))).toEqual([]);
  });

  test("is refused where anything is there already", async () => {
    const path = join(place.path, "names");
    await expect(DumpFolderWriter.open(path)).rejects.toMatchObject({
      code: "dump-folder-taken",
      fields: { folder: path },
    });
  });

  test("takes each collection once", async () => {
    const path = join(place.path, "twice");
    const writer = await DumpFolderWriter.open(path);
    await (await writer.collection(SMALL[0]!)).seal();
    await expect(writer.collection(SMALL[0]!)).rejects.toMatchObject({
      code: "dump-folder-taken",
      fields: { found: "things.metadata.json" },
    });
  });

  test("has no database whose name leads elsewhere", async () => {
    const path = join(place.path, "inside");
    const writer = await DumpFolderWriter.open(path);
    await expect(writer.collection({ ...SMALL[0]!, database: ".." })).rejects.toMatchObject({
      code: "dump-database-name",
    });
    expect(await readdir(path)).toEqual([]);
  });

  test("takes no documents of a view", async () => {
    const writer = await DumpFolderWriter.open(join(place.path, "view"));
    const view = await writer.collection(SMALL.find((c) => c.kind === "view")!);
    await expect(view.write(Buffer.from([5, 0, 0, 0, 0]))).rejects.toThrow(TypeError);
  });

  test("in a place that is a file is refused with its name", async () => {
    const path = join(place.path, "a-file");
    await writeFile(path, "x");
    await expect(DumpFolderWriter.open(path)).rejects.toMatchObject({
      code: "disk-failed",
      fields: { file: path },
    });
  });
});

describe.skipIf(lacksFixture)(`a folder written from mongodump's own${whyNoFixture}`, () => {
  test("has its files: documents byte for byte, metadata in meaning but for UUIDs", async () => {
    const original = join(fixturePath("folder"), "fixture");
    const path = join(place.path, "fixture");
    await writeDump(path, await readDump(fixturePath("folder")));
    const names = (await readdir(join(path, "fixture"))).sort();
    // What server and tool it was made with, which mongorestore does not ask.
    expect([...names, "prelude.json"].sort()).toEqual((await readdir(original)).sort());
    for (const name of names) {
      const [ours, theirs] = await Promise.all(
        [join(path, "fixture", name), join(original, name)].map((file) => readFile(file)),
      );
      if (name.endsWith(".bson")) expect([name, ours!.equals(theirs!)]).toEqual([name, true]);
      else expect([name, meaning(ours!)]).toEqual([name, { ...meaning(theirs!), uuid: undefined }]);
    }
  });
});

function meaning(metadata: Buffer): { uuid?: unknown } {
  return EJSON.parse(metadata.toString("utf8"), { relaxed: false }) as { uuid?: unknown };
}

const MONGORESTORE = "mongorestore";
const lacksMongorestore = (await execa(MONGORESTORE, ["--version"], { reject: false })).exitCode !== 0;
const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking || lacksMongorestore)(
  `mongorestore${why}${lacksMongorestore ? " (skipped: it is not on PATH)" : ""}`,
  () => {
    test("takes the folder, and the server has what was in it", async () => {
      const database = ownName("restored");
      await using target = await mongodbDatabase(database);
      const collections = SMALL.filter((c) => c.database === "small" && c.kind !== "timeseries").map((c) => ({
        ...c,
        database,
        namespace: `${database}.${c.collection}`,
      }));
      const path = join(place.path, "to-restore");
      await writeDump(path, collections);
      const uri = target.url.slice(0, target.url.lastIndexOf("/") + 1);
      const ended = await execa(MONGORESTORE, [`--uri=${uri}`, path], { reject: false });
      expect({ exitCode: ended.exitCode, stderr: ended.exitCode === 0 ? "" : ended.stderr }).toEqual({
        exitCode: 0,
        stderr: "",
      });
      for (const { collection, kind, documents } of collections) {
        if (kind === "view") continue;
        const found = await target.db.collection(collection).find({}, { raw: true }).toArray();
        expect([collection, (found as unknown as Buffer[]).map((d) => d.toString("hex")).sort()]).toEqual([
          collection,
          [...documents].sort(),
        ]);
      }
    });
  },
);
