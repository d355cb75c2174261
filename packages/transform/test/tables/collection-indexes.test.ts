import { MongoClient } from "mongodb";
import { EJSON, type Document } from "bson";
import type { NotCarried, SourceTable } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planCollections } from "../../src/collections/documents-plan.ts";
import { column, sourceTable } from "../support/source-table.ts";

type Index = SourceTable["indexes"][number];

const url = process.env["FIREBREAK_TEST_MONGODB_RS"];
const why = url === undefined ? " (skipped: FIREBREAK_TEST_MONGODB_RS not set)" : "";

const columns = [
  column("id"),
  column("n", { isNullable: true }),
  column("s", { sqlType: "varchar(50)", dataType: "varchar", collation: "utf8mb4_bin" }),
  column("ci", {
    sqlType: "varchar(50)",
    dataType: "varchar",
    collation: "utf8mb4_0900_ai_ci",
    isNullable: true,
  }),
  column("a.b"),
  column("$d"),
  column("g", { isGenerated: true }),
];

const index = (names: readonly string[], changes: Partial<Index> = {}): Index => ({
  name: names.join("_"),
  isUnique: false,
  type: "BTREE",
  columns: names.map((name) => ({ name, isDescending: false })),
  ...changes,
});

function planned(
  indexes: readonly Index[],
  key: readonly string[] = ["id"],
  comment = "",
): { texts: string[]; notCarried: readonly NotCarried[] } {
  const own = comment === "" ? columns : [column("_id", { comment: "firebreak: int32" }), ...columns];
  const table = sourceTable(own, key, { indexes: [...indexes], comment });
  const ns = { namespace: "shop.t", database: "shop", collection: "t" };
  const [{ indexTexts, notCarried }] = planCollections([{ ns, table }]) as [
    ReturnType<typeof planCollections>[number],
  ];
  return { texts: indexTexts.slice(1), notCarried };
}

const number = (value: number): Document => ({ $numberInt: String(value) });
const keysOf = (texts: readonly string[]): unknown[] =>
  texts.map((text) => (JSON.parse(text) as { key: unknown }).key);

test("the primary key is the index on _id, whatever it is of", () => {
  expect(planned([index(["id"], { name: "PRIMARY", isUnique: true })])).toEqual({
    texts: [],
    notCarried: [],
  });
  expect(planned([index(["s", "n"], { name: "PRIMARY", isUnique: true })], ["s", "n"])).toEqual({
    texts: [],
    notCarried: [],
  });
  expect(planned([index(["s"], { isUnique: true })], ["s"]).texts).toEqual([]);
});

test("an index keeps its columns in order, each with its direction, those of the key inside _id", () => {
  const descending = { name: "n", isDescending: true };
  const { texts } = planned([
    index([], { name: "i", columns: [{ name: "s", isDescending: false }, descending] }),
  ]);
  expect(texts[0]).toContain('"key":{"s":{"$numberInt":"1"},"n":{"$numberInt":"-1"}},"name":"i"');
  expect(keysOf(planned([index(["id", "n"])]).texts)).toEqual([{ _id: number(1), n: number(1) }]);
  expect(keysOf(planned([index(["s", "n"])], ["id", "s"]).texts)).toEqual([
    { "_id.s": number(1), n: number(1) },
  ]);
});

test.each<[string, Index, string, string | undefined]>([
  ["of words", index(["s"], { type: "FULLTEXT" }), "index-kind", "FULLTEXT"],
  ["of places", index(["s"], { type: "SPATIAL" }), "index-kind", "SPATIAL"],
  ["of an expression", index([], { name: "e" }), "expression", undefined],
  ["of a generated column", index(["g"]), "generated", "g"],
  [
    "of a beginning",
    index([], { name: "p", columns: [{ name: "s", isDescending: false, prefix: 10 }] }),
    "prefix",
    "s",
  ],
  ["of a name with a dot", index(["a.b"]), "name-unfit", "a.b"],
  ["of a name with a dollar", index(["$d"]), "name-unfit", "$d"],
  ["of 33 columns", index(Array.from({ length: 33 }, () => "n")), "too-many-fields", "32"],
])("an index %s has no counterpart, and that is said", (_, source, reason, detail) => {
  const { texts, notCarried } = planned([source]);
  expect(texts).toEqual([]);
  expect(notCarried).toEqual([{ kind: "index", name: source.name, reason, detail }]);
});

test("of indexes of the same columns one is carried, the unique one if there is one", () => {
  const { texts, notCarried } = planned([
    index(["s"], { name: "one" }),
    index(["s"], { name: "two", isUnique: true }),
  ]);
  expect(texts).toEqual([expect.stringContaining('"name":"two","unique":true')]);
  expect(notCarried).toEqual([{ kind: "index", name: "one", reason: "same-as", detail: "two" }]);
});

test("no more than 64 indexes are carried", () => {
  const wide = Array.from({ length: 70 }, (_, i) => column(`c${i}`));
  const table = sourceTable(wide, [], { indexes: wide.map((c) => index([c.name])) });
  const [plan] = planCollections([{ ns: { namespace: "d.t", database: "d", collection: "t" }, table }]);
  expect([plan!.indexTexts.length, plan!.notCarried.length]).toEqual([64, 7]);
});

test("a unique index that holds apart what MySQL takes for one says so", () => {
  expect(planned([index(["ci"], { isUnique: true })]).notCarried).toMatchObject([
    { reason: "folds-letters" },
  ]);
  expect(planned([index(["s"], { isUnique: true })]).notCarried).toEqual([]);
});

test("an index of the beginning of a field is of the whole field where the table was made of a collection", () => {
  const prefixed = index([], { name: "p", columns: [{ name: "s", isDescending: false, prefix: 191 }] });
  expect(keysOf(planned([prefixed], ["_id"], "firebreak: collection t").texts)).toEqual([{ s: number(1) }]);
});

describe.skipIf(url === undefined)(`on a MongoDB${why}`, () => {
  const database = `t_indexes_${process.pid}`;
  let client: MongoClient;
  beforeAll(async () => {
    client = await MongoClient.connect(url!);
  });
  afterAll(async () => {
    await client?.db(database).dropDatabase();
    await client?.close();
  });

  test("a unique index of columns that may be NULL lets NULLs be, as MySQL does, and refuses equal values", async () => {
    const { texts } = planned([index(["n", "s"], { name: "u", isUnique: true }), index(["id", "n"])]);
    const collection = client.db(database).collection("unique");
    await collection.insertMany([
      { n: null, s: "a" },
      { n: null, s: "a" },
      { n: 1, s: "a" },
      { n: 2, s: "a" },
    ]);
    await client.db(database).command({
      createIndexes: "unique",
      indexes: texts.map((text) => EJSON.parse(text) as Document),
    });
    await collection.insertOne({ n: null, s: "a" });
    await expect(collection.insertOne({ n: 1, s: "a" })).rejects.toThrow("E11000");
  });
});
