import { join } from "node:path";
import { Binary, Decimal128, Double, Int32, Long, ObjectId, Timestamp } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { checked } from "@firebreak/testing/recipes/checked";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { contentOf } from "@firebreak/testing/documents/database-content";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";

const documents: Document[] = Array.from({ length: 5000 }, (_, n) => ({
  _id: new Int32(n),
  name: `Name ${n} "😀"`,
  big: Long.fromString("9007199254740993").add(n),
  ratio: new Double(n === 7 ? -0 : n / 7),
  price: Decimal128.fromString("12.340"),
  body: new Binary(Buffer.from([n & 255, 0, 1])),
  at: new Date(n * 1000),
  nothing: null,
}));

/** Ids of every sort, names that an object would reorder, and a timestamp that an insert changes. */
const strange: Document[] = [
  { _id: "a text" },
  { _id: new ObjectId("0102030405060708090a0b0c"), zero: new Timestamp({ t: 0, i: 0 }) },
  { _id: { b: new Int32(1), a: "x" } },
  { _id: Decimal128.fromString("18446744073709551615") },
  { _id: null },
  { _id: new Binary(Buffer.from([0, 255])) },
];

const INDEX = '{"v":{"$numberInt":"2"},"key":{"name":{"$numberInt":"1"}},"name":"by_name"}';
const UNIQUE = '{"v":{"$numberInt":"2"},"key":{"big":{"$numberInt":"1"}},"name":"big","unique":true}';
const NOTE = '{"validator":{"$jsonSchema":{"description":"{\\"firebreak\\":1}"}},"validationLevel":"off"}';

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`a load into MongoDB${why}`, () => {
  const name = ownName("tomongo");
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    await documentsArchive(archive, name, {
      rows: { documents, optionsText: NOTE, indexTexts: [INDEX, UNIQUE] },
      strange: { documents: strange },
      empty: { documents: [] },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of ["mongodb", "standalone"] as const)
    test(`puts every document, option and index there, byte for byte, on a ${server}`, async () => {
      await using target = await mongodbDatabase(ownName("tomongo_in"), server);
      const ended = await loaded(archive, target.url);
      expect(ended.ending, ended.text).toBe("well");
      const into = target.db.databaseName;
      expect(ended.accounts).toMatchObject([
        {
          namespace: `${name}.rows`,
          target: `${into}.rows`,
          lines: 5000,
          quarantined: 0,
          loaded: 5000,
          refused: 0,
          digested: 5000,
          equal: true,
        },
        { namespace: `${name}.strange`, lines: 6, loaded: 6, digested: 6, equal: true },
        { namespace: `${name}.empty`, lines: 0, loaded: 0, digested: 0, equal: true },
      ]);
      const found = await target.db
        .collection("rows")
        .find({}, { promoteValues: false })
        .sort({ _id: 1 })
        .toArray();
      expect(found).toEqual(documents);
      const { rows } = await contentOf(target.db);
      expect(rows?.options).toContain("firebreak");
      expect(await target.db.collection("rows").indexes()).toMatchObject([
        { name: "_id_" },
        { name: "big", unique: true },
        { name: "by_name" },
      ]);
      const zero = await target.db.collection("strange").findOne({ zero: { $exists: true } });
      expect(zero?.["zero"]).toEqual(new Timestamp({ t: 0, i: 0 }));
      await well(checked(archive, target.url));
    });

  test("and again when all is in loads nothing twice, and says that it is in", async () => {
    await using target = await mongodbDatabase(ownName("tomongo_again"));
    await well(loaded(archive, target.url));
    const before = await contentOf(target.db);
    const ended = await well(loaded(archive, target.url));
    expect(ended.text).toContain("Going on: 7 parts are in already.".replace("7", "6"));
    expect(ended.accounts).toMatchObject([
      { loaded: 5000, digested: 5000, equal: true },
      { loaded: 6 },
      { loaded: 0 },
    ]);
    expect(await contentOf(target.db)).toEqual(before);
  });

  test("with --dry-run looks at everything and writes nothing", async () => {
    await using target = await mongodbDatabase(ownName("tomongo_dry"));
    await well(loaded(archive, target.url, { isDryRun: true }));
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });
});
