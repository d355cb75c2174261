import { readFile, writeFile } from "node:fs/promises";
import { statusOf } from "@firebreak/testing/recipes/status";
import { join } from "node:path";
import { Int32 } from "bson";
import { MongoClient, type Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../../scripts/servers/mongod.ts";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { asUser, lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { exported } from "@firebreak/testing/recipes/exported";
import { restored } from "@firebreak/testing/recipes/restored";
import { checked } from "@firebreak/testing/recipes/checked";
import { contentOf } from "@firebreak/testing/documents/database-content";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";

type LoadingOptions = Parameters<typeof loaded>[2];
type Target = Awaited<ReturnType<typeof mongodbDatabase>>;

const INDEX = '{"v":{"$numberInt":"2"},"key":{"name":{"$numberInt":"1"}},"name":"by_name"}';

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`a load into MongoDB that is refused${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  const documents = Array.from({ length: 50 }, (_, n) => ({ _id: new Int32(n), name: `Name ${n}` }));
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    await documentsArchive(archive, "refusing", {
      a: { documents, documentsAPart: 20 },
      b: { documents },
      c: { documents, indexTexts: [INDEX] },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const load = (url: string, from = archive, options: LoadingOptions = {}): Promise<Outcome> =>
    loaded(from, url, options);

  /** Runs it, and proves that the target is what it was. */
  async function refusal({ db, url }: Target, from = archive, options: LoadingOptions = {}): Promise<string> {
    const before = await contentOf(db);
    const { ending, text } = await load(url, from, options);
    expect({ ending, text }).toMatchObject({ ending: "load-mongodb-refused" });
    expect(await contentOf(db)).toEqual(before);
    return text;
  }

  test("names everything that is in the way at once, and what to do", async () => {
    await using target = await mongodbDatabase(ownName("ref_all"));
    await target.db.collection("a").insertOne({ mine: true });
    await target.db.createCollection("b", { collation: { locale: "de" } });
    await target.db.collection("c").createIndexes([
      { key: { name: 1 }, name: "by_name", unique: true },
      { key: { other: 1 }, name: "other", unique: true },
      { key: { at: 1 }, name: "at", expireAfterSeconds: 60 },
      { key: { harmless: 1 }, name: "harmless" },
    ]);
    const text = await refusal(target);
    expect(text).toMatch(/\.a has documents that no load of ours put there/);
    expect(text).toMatch(/\.b is there already with another set of options/);
    expect(text).toMatch(/\.c is there already with another index/);
    expect(text).toMatch(/\.c has the unique index "other"/);
    expect(text).toMatch(/\.c has the index "at", which deletes documents/);
    expect(text).not.toContain("harmless");
    expect(await refusal(target, archive, { isDryRun: true })).toMatch(/\.a has documents/);
  });

  test("for a view, a validator of somebody's; an empty collection without either is used", async () => {
    await using target = await mongodbDatabase(ownName("ref_kinds"));
    await target.db.createCollection("a");
    await target.db.createCollection("b", { viewOn: "a", pipeline: [] });
    await target.db.createCollection("c", { validator: { name: { $type: "string" } } });
    const text = await refusal(target);
    expect(text).not.toMatch(/\.a /);
    expect(text).toMatch(/\.b is there already with another kind \(view/);
    expect(text).toMatch(/\.c is there already with another set of options/);
    await target.db.dropCollection("b");
    await target.db.dropCollection("c");
    await well(loaded(archive, target.url));
  });

  test("for a ledger of another archive, or one that was edited, or that the collection does not bear out", async () => {
    await using target = await mongodbDatabase(ownName("ref_ledger"));
    await well(loaded(archive, target.url));
    const other = join(place.path, "other");
    await documentsArchive(other, "refusing", { a: { documents: documents.slice(1), documentsAPart: 20 } });
    expect(await refusal(target, other)).toMatch(/\.a is of a load of another archive/);
    const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
    const part = { _id: { load: "b", part: "refusing/b/00000.ndjson.zst" } };
    await ledger.updateOne(part, { $set: { "digest.rowCount": 49 } });
    await target.db.collection<{ _id: number }>("a").deleteOne({ _id: 1 });
    await target.db.dropCollection("c");
    const text = await refusal(target);
    expect(text).toMatch(/does not account for all documents of refusing\/b\/00000/);
    expect(text).toMatch(/\.a has 49 documents, and firebreak_ledger says 50/);
    expect(text).toMatch(/\.c has 0 documents, and firebreak_ledger says 50/);
    // What the remedy says makes it good, and what was there is still there.
    for (const collection of ["a", "b", "c"]) {
      expect(text).toContain(`db.firebreak_ledger.deleteMany({"_id.load": "${collection}"})`);
      if (collection !== "c") await target.db.renameCollection(collection, `${collection}_before`);
      await ledger.deleteMany({ "_id.load": collection });
    }
    await well(loaded(archive, target.url));
    expect(await target.db.collection("a_before").countDocuments()).toBe(49);
  });

  test("for a restore that is not finished there; and a restore leaves the ledgers of loads", async () => {
    await using target = await mongodbDatabase(ownName("ref_restore"));
    const ledger = target.db.collection<{ _id: unknown }>("firebreak_ledger");
    await ledger.insertOne({ _id: { collection: "a" }, source: "x.a", state: "begun" } as never);
    expect(await refusal(target)).toMatch(/\.a is of a restore that is not finished/);
    await ledger.drop();
    await well(loaded(archive, target.url));
    const before = await ledger.find().toArray();
    const own = target.db.databaseName;
    await using source = await mongodbDatabase(ownName("ref_source"));
    await source.db.collection("elsewhere").insertOne({ x: 1 });
    const backup = join(place.path, "backup");
    await well(exported(backup, source.url));
    await well(restored(backup, target.url));
    expect(await ledger.find().toArray()).toEqual(before);
    // A collection that a restore replaces is no load's any more.
    const renames = [`${source.db.databaseName}.elsewhere=${own}.a`];
    await well(restored(backup, target.url, { renames, isDropping: true }));
    expect(await refusal(target)).toMatch(/\.a has documents that no load of ours put there/);
  });

  test("for a replay before all parts are in", async () => {
    await using target = await mongodbDatabase(ownName("ref_replay"));
    expect(await refusal(target, archive, { isReplay: true })).toMatch(
      /3 of the 3 parts of .*\.a are not loaded/,
    );
  });

  test("for names that are the server's own, that it does not take, or that two would share", async () => {
    await using target = await mongodbDatabase(ownName("ref_names"));
    const base = target.url.slice(0, target.url.lastIndexOf("/"));
    const one = { documents: documents.slice(0, 1) };
    const names = join(place.path, "names");
    await documentsArchive(names, "refusing", {
      "system.js": one,
      firebreak_ledger: one,
      a$b: one,
      ["x".repeat(250)]: one,
    });
    const text = await refusal(target, names);
    expect(text).toMatch(/system\.js is a name of the server's own/);
    expect(text).toMatch(/firebreak_ledger is a name of the server's own or of ours/);
    expect(text).toMatch(/takes no collection whose name .*a\$b/);
    expect(text).toMatch(/longer than 255 bytes/);
    const reserved = await load(`${base}/config`);
    expect(reserved.ending, reserved.text).toBe("load-mongodb-refused");
    expect(reserved.text).toMatch(/config\.a is a name of the server's own/);
    await target.db.collection("x").insertOne({ there: true });
    const capitals = await load(`${base}/${target.db.databaseName.toUpperCase()}`);
    expect(capitals.ending, capitals.text).toBe("load-mongodb-refused");
    expect(capitals.text).toContain("differ in capitals alone");
  });

  test("for a part that is cut short, before anything is written", async () => {
    await using target = await mongodbDatabase(ownName("ref_part"));
    const copy = await copyOf(archive, place.path);
    const part = join(copy, "mongodb", "refusing", "b", "00000.ndjson.zst");
    const bytes = await readFile(part);
    await writeFile(part, bytes.subarray(0, bytes.length - 9));
    const { ending, text } = await load(target.url, copy);
    expect(ending, text).toBe("file-size");
    expect(text).toContain("refusing/b/00000.ndjson.zst");
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });

  test("where the manifest's digest is not that of the lines", async () => {
    await using target = await mongodbDatabase(ownName("ref_digest"));
    const wrong = join(place.path, "wrong");
    await documentsArchive(wrong, "refusing", { a: { documents, isDigestWrong: true } });
    const { ending, text } = await load(target.url, wrong);
    expect(ending, text).toBe("part-content");
    expect(text).toContain("refusing/a/00000.ndjson.zst does not hold what it should: documents");
  });

  test("by a server that is no primary", async () => {
    const server = await startMongod({ dir: join(place.path, "lone"), replicaSet: "lone" });
    try {
      const client = await MongoClient.connect(server.url, { directConnection: true });
      await client.db("admin").command({ replSetStepDown: 100, force: true });
      await client.close();
      const url = `${server.url.replace(/\/?$/, "")}/t?directConnection=true`;
      const { ending, text } = await load(url);
      expect({ ending, text }).toEqual({
        ending: "load-mongodb-refused",
        text: expect.stringContaining("takes no writes") as string,
      });
    } finally {
      await server.kill();
    }
  });

  test("for want of privileges, each named; readWrite is enough", async () => {
    const server = await startMongod({ dir: join(place.path, "auth"), extraArgs: ["--auth"] });
    try {
      const first = await MongoClient.connect(server.url);
      await first.db("admin").command({ createUser: "root", pwd: "geheim1", roles: ["root"] });
      await first.close();
      const root = await MongoClient.connect(asUser(server.url, "root", "geheim1"));
      for (const role of ["read", "readWrite"])
        await root.db("admin").command({ createUser: role, pwd: "geheim2", roles: [{ role, db: "t" }] });
      const as = (user: string): string =>
        `${asUser(server.url, user, "geheim2").replace(/\/$/, "")}/t?authSource=admin`;
      const { ending, text } = await load(as("read"));
      expect(ending, text).toBe("load-mongodb-refused");
      expect(text).toMatch(
        /not allowed createCollection, createIndex, dropCollection, insert, remove, update/,
      );
      expect(await root.db("t").listCollections().toArray()).toEqual([]);
      await well(loaded(archive, as("readWrite")));
      await well(checked(archive, as("read")));
      await well(statusOf(archive, as("read")));
      await root.close();
    } finally {
      await server.kill();
    }
  });
});
