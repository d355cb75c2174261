import { readdir } from "node:fs/promises";
import { restored } from "@firebreak/testing/recipes/restored";
import { exported } from "@firebreak/testing/recipes/exported";
import { join } from "node:path";
import { BSON, Double, Int32, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { type Outcome, well } from "@firebreak/testing/recipes/outcome";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { start } from "@firebreak/testing/command-line/firebreak";
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
    readonly text: string;
    readonly work: string;
    readonly quarantine: string;
  }
  async function exportedDump(collection: ReadCollection, documents: readonly Document[]): Promise<Exported> {
    await target.db.dropDatabase();
    const own = join(place.path, String(count++));
    const [dump, archive] = [join(own, "dump"), join(own, "archive")];
    const hex = documents.map((document) => Buffer.from(BSON.serialize(document)).toString("hex"));
    await writeDump(dump, [{ ...collection, documents: hex }]);
    // A few documents to a part.
    const { text } = await well(exported(archive, dump, { partMib: 0.0001 }));
    expect((await readdir(archive)).filter((name) => name.includes("partial"))).toEqual([]);
    const work = join(own, "work");
    return {
      archive,
      text,
      work,
      quarantine: join(work, "load-quarantine"),
    };
  }
  const restore = ({ archive, work }: Exported): Promise<Outcome> => restored(archive, target.url, { work });
  const documentsIn = (name: string): Promise<Document[]> =>
    target.db.collection(name).find().sort({ $natural: 1 }).toArray();

  test("is exported whole, and the _ids are named", async () => {
    const { archive, text } = await exportedDump(THINGS, [
      { _id: 1, v: "old" },
      { _id: 2 },
      { _id: 1, v: "new" },
    ]);
    expect(text).toMatch(/1 document of other\.things whose _id an earlier one has \(\{"_id":.*1/);
    expect((await namespacesOf(archive))[0]!.lineCount).toBe(3);
    const once = await exportedDump(THINGS, [{ _id: 1 }, { _id: "1" }, { a: 1 }, { a: 1 }]);
    expect(once.text).not.toContain("whose _id");
  });

  for (const collection of [THINGS, CAPPED])
    test(`is restored with the first of each, wherever the others stand: ${collection.kind}`, async () => {
      const many = Array.from({ length: 60 }, (_, i) => ({ _id: i % 50, v: i, text: "x".repeat(20) }));
      const dump = await exportedDump(collection, [...many, { _id: 7, v: "last" }]);
      expect((await namespacesOf(dump.archive))[0]!.parts.length).toBeGreaterThan(3);
      const { ending, text, accounts } = await restore(dump);
      expect({ ending, text }).toMatchObject({ ending: "short" });
      expect(accounts).toMatchObject([{ lines: 61, loaded: 50, digested: 50, refused: 11, equal: true }]);
      const found = (await documentsIn(collection.collection)).toSorted((a, b) => a["_id"] - b["_id"]);
      expect(found.map((d) => [d["_id"], d["v"]])).toEqual(Array.from({ length: 50 }, (_, i) => [i, i]));
      expect(text).toMatch(/11 documents have an _id that an earlier document of the archive has/);
      expect((await readdir(dump.quarantine, { recursive: true })).join()).toMatch(/ndjson\.zst/);
      // Done, and so in the way of another one.
      expect((await restore(dump)).ending).toBe("restore-refused");
    });

  test("has 1 and 1.0 for one _id, as the server has", async () => {
    const dump = await exportedDump(THINGS, [
      { _id: new Double(1), v: "first" },
      { _id: new Int32(1), v: "second" },
    ]);
    expect(dump.text).toContain("whose _id an earlier one has");
    expect(await restore(dump)).toMatchObject({ ending: "short" });
    expect(await documentsIn("things")).toEqual([{ _id: 1, v: "first" }]);
  });

  test("comes to the same when a restore is killed and run again", async () => {
    const many = Array.from({ length: 40 }, (_, i) => ({ _id: i % 30, v: i }));
    const dump = await exportedDump(THINGS, many);
    const args = ["restore", "--archive", dump.archive, "--work", dump.work];
    for (const killAt of ["part-restored:2", "part-restored:3", "repeated-set-aside:1"]) {
      const killed = await start(args, { mongodbUrl: target.url, killAt });
      expect([0, 3]).not.toContain(killed.exitCode);
    }
    const { ending, text } = await restore(dump);
    expect({ ending, text }).toMatchObject({ ending: "short" });
    const found = (await documentsIn("things")).toSorted((a, b) => a["_id"] - b["_id"]);
    expect(found.map((d) => d["v"])).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});
