import { join } from "node:path";
import { exportedDelta } from "@firebreak/testing/recipes/exported";
import { Binary, Double, Int32 } from "bson";
import { MongoClient, type Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../scripts/servers/mongod.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { asUser, lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { checked } from "@firebreak/testing/recipes/checked";
import { differencesOf, keyOf } from "../differences-of.ts";

const things: readonly Document[] = Array.from({ length: 500 }, (_, n) => ({
  _id: n % 2 === 0 ? new Int32(n) : `key ${n}`,
  name: `Name ${n}`,
  body: new Binary(Buffer.from([n & 255])),
  ratio: new Double(n / 7),
}));

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`checksum --against mongodb${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  const name = ownName("against");
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: name,
      collections: { things, others: [{ _id: 1 }] },
      isTransformed: false,
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  async function live(): Promise<Awaited<ReturnType<typeof mongodbDatabase>>> {
    const database = await mongodbDatabase(name);
    await database.db.collection("things").insertMany([...things].reverse());
    await database.db.collection("others").insertOne({ _id: 1 as never });
    return database;
  }

  test("finds equal what is equal, in whatever order", async () => {
    await using database = await live();
    const ended = await checked(archive, database.url);
    expect(ended.ending, ended.text).toBe("well");
    expect(ended.accounts).toMatchObject([
      { namespace: `${name}.others`, lines: 1, digested: 1, equal: true },
      { namespace: `${name}.things`, lines: 500, digested: 500, equal: true },
    ]);
  });

  test("names what is missing, extra or changed, with the fields that differ", async () => {
    await using database = await live();
    const collection = database.db.collection<{ _id: string | number; [field: string]: unknown }>("things");
    await collection.deleteOne({ _id: "key 3" });
    await collection.insertOne({ _id: "KEY 3" });
    await collection.updateOne({ _id: 4 }, { $set: { name: "Name 4 ", added: null }, $unset: { body: 1 } });
    await collection.updateOne({ _id: 6 }, { $set: { ratio: new Int32(6) } });
    await collection.replaceOne(
      { _id: 8 },
      { ratio: new Double(8 / 7), body: things[8]!["body"], name: "Name 8" },
    );
    const ended = await checked(archive, database.url);
    expect(ended.ending, ended.text).toBe("unequal");
    const table = `${name}.things`;
    const field = (of: string, expected: string | null, found: string | null) => ({
      name: of,
      type: "json",
      expected,
      found,
    });
    const found = await differencesOf(archive);
    expect(found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))).toEqual([
      { table, kind: "extra", key: ['"KEY 3"'], columns: [] },
      { table, kind: "missing", key: ['"key 3"'], columns: [] },
      {
        table,
        kind: "changed",
        key: ['{"$numberInt":"4"}'],
        columns: [
          field("name", '"Name 4"', '"Name 4 "'),
          field("body", '{"$binary":{"base64":"BA==","subType":"00"}}', null),
          field("added", null, "null"),
        ],
      },
      {
        table,
        kind: "changed",
        key: ['{"$numberInt":"6"}'],
        columns: [field("ratio", `{"$numberDouble":"${6 / 7}"}`, '{"$numberInt":"6"}')],
      },
      // The same fields in another order.
      { table, kind: "changed", key: ['{"$numberInt":"8"}'], columns: [] },
    ]);
    expect(ended.text).toContain("1 missing, 1 extra, 3 changed");
    expect(ended.text).toContain("the same fields in another order");
  });

  test("says of a collection that is not there that it is not", async () => {
    await using database = await live();
    await database.db.dropCollection("others");
    const { ending, text } = await checked(archive, database.url);
    expect(ending, text).toBe("unequal");
    expect(text).toContain(`Collection ${name}.others is not in the target`);
  });

  test("needs no more than to read", async () => {
    const server = await startMongod({ dir: join(place.path, "mongod"), extraArgs: ["--auth"] });
    try {
      const first = await MongoClient.connect(server.url);
      await first.db("admin").command({ createUser: "root", pwd: "secret1", roles: ["root"] });
      await first.close();
      const root = await MongoClient.connect(asUser(server.url, "root", "secret1"));
      try {
        await root
          .db("admin")
          .command({ createUser: "reader", pwd: "secret2", roles: [{ role: "read", db: name }] });
        await root.db(name).collection("things").insertMany(things.slice(1));
        await root
          .db(name)
          .collection("others")
          .insertOne({ _id: 1 as never });
        const ended = await checked(
          archive,
          `${asUser(server.url, "reader", "secret2").replace(/\/$/, "")}/${name}?authSource=admin`,
        );
        expect(ended.ending, ended.text).toBe("unequal");
        expect(ended.text).toContain(`Collection ${name}.things differs: 1 missing, 0 extra, 0 changed.`);
      } finally {
        await root.close();
      }
    } finally {
      await server.kill();
    }
  });

  test("goes to the database that the URL names", async () => {
    await using database = await mongodbDatabase(`${name}_copy`);
    await database.db.collection("things").insertMany([...things]);
    await database.db.collection("others").insertOne({ _id: 1 as never });
    await well(checked(archive, database.url));
  });

  test("takes a delta for all that its chain stands for", async () => {
    await using database = await live();
    const collection = database.db.collection<{ _id: string | number; [field: string]: unknown }>("things");
    const delta = join(place.path, "delta");
    await collection.deleteMany({ _id: { $in: [2, "key 5"] } });
    await collection.updateOne({ _id: 4 }, { $set: { name: "another" } });
    await collection.insertOne({ _id: "new" });
    await database.db.dropCollection("others");
    await database.db.collection("fresh").insertOne({ there: true });
    await well(exportedDelta(delta, database.url, archive, { isByComparison: true }));
    const equal = await checked(delta, database.url);
    expect(equal.ending, equal.text).toBe("well");
    expect(equal.accounts).toMatchObject([
      { namespace: `${name}.things`, digested: 499, equal: true },
      { namespace: `${name}.fresh`, digested: 1, equal: true },
    ]);
    await collection.deleteOne({ _id: "key 7" });
    await collection.insertOne({ _id: "key 5" });
    await collection.updateOne({ _id: 4 }, { $set: { name: "Name 4" } });
    const ended = await checked(delta, database.url);
    expect(ended.ending, ended.text).toBe("unequal");
    const differences = await differencesOf(delta);
    expect(differences.map((d) => `${d.kind} ${keyOf(d)}`).sort()).toEqual([
      'changed {"$numberInt":"4"}',
      'extra "key 5"',
      'missing "key 7"',
    ]);
  });
});
