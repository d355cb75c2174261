import { checked } from "@firebreak/testing/recipes/checked";
import { join } from "node:path";
import { Double, Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";
import { differencesOf, keyOf } from "../differences-of.ts";

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`checksum of what was made for MongoDB${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    const documents = Array.from({ length: 300 }, (_, n) => ({
      _id: { a: new Int32(n), b: `key ${n}` },
      name: `Name ${n}`,
      ratio: new Double(n / 7),
    }));
    await documentsArchive(archive, "made", { things: { documents, documentsAPart: 100 } });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test("names the documents that are missing, extra or changed, with the fields that differ", async () => {
    await using target = await mongodbDatabase(ownName("made"));
    await well(loaded(archive, target.url));
    const things = target.db.collection<{ _id: object; [field: string]: unknown }>("things");
    const id = (n: number) => ({ a: n, b: `key ${n}` });
    await things.deleteOne({ _id: id(3) });
    await things.insertOne({ _id: { a: 3, b: "another" } });
    await things.updateOne({ _id: id(150) }, { $set: { name: "Name 150 ", ratio: new Int32(150) } });
    const ended = await checked(archive, target.url);
    expect(ended.ending, ended.text).toBe("unequal");
    expect(ended.accounts).toMatchObject([
      { namespace: "made.things", lines: 300, quarantined: 0, digested: 300, equal: false },
    ]);
    const found = await differencesOf(archive);
    const table = "made.things";
    const key = (n: number, b: string): string[] => [`{"a":{"$numberInt":"${n}"},"b":"${b}"}`];
    expect(found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))).toEqual([
      {
        table,
        kind: "changed",
        key: key(150, "key 150"),
        columns: [
          { name: "name", type: "json", expected: '"Name 150"', found: '"Name 150 "' },
          {
            name: "ratio",
            type: "json",
            expected: `{"$numberDouble":"${150 / 7}"}`,
            found: '{"$numberInt":"150"}',
          },
        ],
      },
      { table, kind: "extra", key: key(3, "another"), columns: [] },
      { table, kind: "missing", key: key(3, "key 3"), columns: [] },
    ]);
    expect(ended.text).toContain("Collection made.things differs: 1 missing, 1 extra, 1 changed.");
  });

  test("says of a collection that is not there that it is not", async () => {
    await using target = await mongodbDatabase(ownName("made_none"));
    const { ending, text } = await checked(archive, target.url);
    expect(ending, text).toBe("unequal");
    expect(text).toContain(`Collection ${target.db.databaseName}.things is not in the target`);
  });
});
