import { join } from "node:path";
import { BSON, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { readDump, type ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { SMALL, writeDump } from "@firebreak/testing/dumps/small-dump";

const { isLacking, why } = lacking("mongodb");
const THINGS = SMALL.find((c) => c.namespace === "other.things")!;
const CAPPED = SMALL.find((c) => c.namespace === "small.capped")!;

describe.skipIf(isLacking)(`documents that a server stores otherwise${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let target: Awaited<ReturnType<typeof mongodbDatabase>>;
  let count = 0;
  beforeAll(async () => {
    place = await folder();
    target = await mongodbDatabase(ownName("stored_form"));
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  async function restored(
    collection: ReadCollection,
    documents: readonly Document[],
  ): Promise<{ output: string; archive: string; dump: string; found: string[][] }> {
    await target.db.dropDatabase();
    const own = join(place.path, String(count++));
    const [dump, archive] = [join(own, "dump"), join(own, "archive")];
    const hex = documents.map((document) => Buffer.from(BSON.serialize(document)).toString("hex"));
    await writeDump(dump, [{ ...collection, documents: hex }]);
    // Parts of a few documents each.
    const parts = ["--part-mib", "0.0001"];
    await mustEndWell(["export", "--source", "dump", "--dump", dump, "--archive", archive, ...parts]);
    const { output } = await mustEndWell(["restore", "--archive", archive], { mongodbUrl: target.url });
    const found = await target.db.collection(collection.collection).find().toArray();
    return { output, archive, dump, found: found.map((document) => Object.keys(document)) };
  }

  for (const collection of [THINGS, CAPPED])
    test(`are proved with _id in front, which is said once: ${collection.kind}`, async () => {
      const { output, archive, found } = await restored(collection, [
        { title: "t", _id: 1 },
        { _id: 2, a: 1 },
        { b: { _id: 5 }, a: [1], _id: "s" },
      ]);
      expect(output.match(/did not begin with _id/g)).toHaveLength(1);
      expect(output).toMatch(/2 documents of \S+ did not begin with _id\. MongoDB puts it in front/);
      expect(found).toEqual([
        ["_id", "title"],
        ["_id", "a"],
        ["_id", "b", "a"],
      ]);
      const checksum = ["checksum", "--archive", archive, "--against", "mongodb"];
      await mustEndWell(checksum, { mongodbUrl: target.url });
    });

  test("get an _id of the same making each time where they have none", async () => {
    const documents = [{ a: 1 }, { a: 1 }, { _id: 3, a: 1 }];
    const first = await restored(THINGS, documents);
    expect(first.output).toMatch(/2 documents of \S+ had no _id/);
    const ids = await target.db.collection("things").distinct("_id");
    expect(ids).toHaveLength(3);
    await mustEndWell(["restore", "--archive", first.archive, "--drop", "--yes"], {
      mongodbUrl: target.url,
    });
    expect(await target.db.collection("things").distinct("_id")).toEqual(ids);
  });

  test("go back into a dump as they were", async () => {
    const { archive, dump } = await restored(THINGS, [{ title: "t", _id: 1 }, { a: 1 }]);
    const again = `${dump}-again`;
    await mustEndWell(["restore", "--archive", archive, "--to-dump", again]);
    expect(await readDump(again)).toEqual(await readDump(dump));
  });
});
