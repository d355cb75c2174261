import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BSON, Double, Int32, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start, type Ended } from "@firebreak/testing/command-line/firebreak";
import type { ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { SMALL, writeDump } from "@firebreak/testing/dumps/small-dump";

const { isLacking, why } = lacking("mongodb");
const THINGS = SMALL.find((c) => c.namespace === "other.things")!;
const CAPPED = SMALL.find((c) => c.namespace === "small.capped")!;

describe.skipIf(isLacking)(`a dump that has an _id twice${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let target: Awaited<ReturnType<typeof mongodbDatabase>>;
  let count = 0;
  beforeAll(async () => {
    place = await folder();
    target = await mongodbDatabase(ownName("repeated"));
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  interface Exported {
    readonly archive: string;
    readonly output: string;
    /** The arguments of its restore. */
    readonly args: readonly string[];
    readonly quarantine: string;
  }
  async function exported(collection: ReadCollection, documents: readonly Document[]): Promise<Exported> {
    await target.db.dropDatabase();
    const own = join(place.path, String(count++));
    const [dump, archive] = [join(own, "dump"), join(own, "archive")];
    const hex = documents.map((document) => Buffer.from(BSON.serialize(document)).toString("hex"));
    await writeDump(dump, [{ ...collection, documents: hex }]);
    // A few documents to a part.
    const args = ["--source", "dump", "--dump", dump, "--part-mib", "0.0001"];
    const { output } = await mustEndWell(["export", "--archive", archive, ...args]);
    expect((await readdir(archive)).filter((name) => name.includes("partial"))).toEqual([]);
    const work = join(own, "work");
    return {
      archive,
      output,
      args: ["restore", "--archive", archive, "--work", work],
      quarantine: join(work, "load-quarantine"),
    };
  }
  const restored = (args: readonly string[]): Promise<Ended> => firebreak(args, { mongodbUrl: target.url });
  const documentsIn = (name: string): Promise<Document[]> =>
    target.db.collection(name).find().sort({ $natural: 1 }).toArray();

  test("is exported whole, and the _ids are named", async () => {
    const { archive, output } = await exported(THINGS, [
      { _id: 1, v: "old" },
      { _id: 2 },
      { _id: 1, v: "new" },
    ]);
    expect(output).toMatch(/1 document of other\.things whose _id an earlier one has \(\{"_id":.*1/);
    expect((await namespacesOf(archive))[0]!.lineCount).toBe(3);
    const once = await exported(THINGS, [{ _id: 1 }, { _id: "1" }, { a: 1 }, { a: 1 }]);
    expect(once.output).not.toContain("whose _id");
  });

  for (const collection of [THINGS, CAPPED])
    test(`is restored with the first of each, wherever the others stand: ${collection.kind}`, async () => {
      const many = Array.from({ length: 60 }, (_, i) => ({ _id: i % 50, v: i, text: "x".repeat(20) }));
      const { args, quarantine, archive } = await exported(collection, [...many, { _id: 7, v: "last" }]);
      expect((await namespacesOf(archive))[0]!.parts.length).toBeGreaterThan(3);
      const { exitCode, stdout, stderr } = await restored([...args, "--json"]);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 3 });
      const summary = JSON.parse(stdout.trim().split("\n").at(-1)!) as { namespaces: unknown[] };
      expect(summary.namespaces).toMatchObject([
        { lines: 61, loaded: 50, digested: 50, quarantinedAtLoad: 11, equal: true },
      ]);
      const found = (await documentsIn(collection.collection)).toSorted((a, b) => a["_id"] - b["_id"]);
      expect(found.map((d) => [d["_id"], d["v"]])).toEqual(Array.from({ length: 50 }, (_, i) => [i, i]));
      expect(stderr).toMatch(/11 documents have an _id that an earlier document of the archive has/);
      expect((await readdir(quarantine, { recursive: true })).join()).toMatch(/ndjson\.zst/);
      // Done, and so in the way of another one.
      expect((await restored(args)).exitCode).toBe(6);
    });

  test("has 1 and 1.0 for one _id, as the server has", async () => {
    const { args, output } = await exported(THINGS, [
      { _id: new Double(1), v: "first" },
      { _id: new Int32(1), v: "second" },
    ]);
    expect(output).toContain("whose _id an earlier one has");
    expect(await restored(args)).toMatchObject({ exitCode: 3 });
    expect(await documentsIn("things")).toEqual([{ _id: 1, v: "first" }]);
  });

  test("comes to the same when a restore is killed and run again", async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ _id: i % 30, v: i }));
    const { args } = await exported(THINGS, many);
    for (const killAt of ["part-restored:2", "part-restored:3", "repeated-set-aside:1"]) {
      const killed = await start(args, { mongodbUrl: target.url, killAt });
      expect([0, 3]).not.toContain(killed.exitCode);
    }
    const { exitCode, output } = await restored(args);
    expect({ exitCode, output }).toMatchObject({ exitCode: 3 });
    const found = (await documentsIn("things")).toSorted((a, b) => a["_id"] - b["_id"]);
    expect(found.map((d) => d["v"])).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});
