import { join } from "node:path";
import { checked } from "@firebreak/testing/recipes/checked";
import { exported } from "@firebreak/testing/recipes/exported";
import { BSON, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { restored, restoredToDump } from "@firebreak/testing/recipes/restored";
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

  async function restoredDump(
    collection: ReadCollection,
    documents: readonly Document[],
  ): Promise<{ text: string; archive: string; dump: string; found: string[][] }> {
    await target.db.dropDatabase();
    const own = join(place.path, String(count++));
    const [dump, archive] = [join(own, "dump"), join(own, "archive")];
    const hex = documents.map((document) => Buffer.from(BSON.serialize(document)).toString("hex"));
    await writeDump(dump, [{ ...collection, documents: hex }]);
    // Parts of a few documents each.
    await well(exported(archive, dump, { partMib: 0.0001 }));
    const { text } = await well(restored(archive, target.url));
    const found = await target.db.collection(collection.collection).find().toArray();
    return { text, archive, dump, found: found.map((document) => Object.keys(document)) };
  }

  for (const collection of [THINGS, CAPPED])
    test(`are proved with _id in front, which is said once: ${collection.kind}`, async () => {
      const { text, archive, found } = await restoredDump(collection, [
        { title: "t", _id: 1 },
        { _id: 2, a: 1 },
        { b: { _id: 5 }, a: [1], _id: "s" },
      ]);
      expect(text.match(/did not begin with _id/g)).toHaveLength(1);
      expect(text).toMatch(/2 documents of \S+ did not begin with _id\. MongoDB puts it in front/);
      expect(found).toEqual([
        ["_id", "title"],
        ["_id", "a"],
        ["_id", "b", "a"],
      ]);
      await well(checked(archive, target.url));
    });

  test("get an _id of the same making each time where they have none", async () => {
    const documents = [{ a: 1 }, { a: 1 }, { _id: 3, a: 1 }];
    const first = await restoredDump(THINGS, documents);
    expect(first.text).toMatch(/2 documents of \S+ had no _id/);
    const ids = await target.db.collection("things").distinct("_id");
    expect(ids).toHaveLength(3);
    await well(restored(first.archive, target.url, { isDropping: true }));
    expect(await target.db.collection("things").distinct("_id")).toEqual(ids);
  });

  test("go back into a dump as they were", async () => {
    const { archive, dump } = await restoredDump(THINGS, [{ title: "t", _id: 1 }, { a: 1 }]);
    const again = `${dump}-again`;
    await well(restoredToDump(archive, again));
    expect(await readDump(again)).toEqual(await readDump(dump));
  });
});
