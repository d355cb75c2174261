import { join } from "node:path";
import { MongoClient, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages, fillCollection } from "../../../../fixtures/src/index.ts";
import { startMongod } from "../../../../scripts/servers/mongod.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start, type Ended } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { contentOf } from "@firebreak/testing/documents/database-content";

type Database = Awaited<ReturnType<typeof mongodbDatabase>>;

const MESSAGE_COUNT = 20_000;

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`a restore that was cut off${why}`, () => {
  let source: Database;
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  let before: Awaited<ReturnType<typeof contentOf>>;

  beforeAll(async () => {
    source = await mongodbDatabase(ownName("cut_source"));
    place = await folder();
    const { db } = source;
    await fillCollection(db.collection("messages"), benchMessages({ seed: 5, count: MESSAGE_COUNT }));
    await db.collection("messages").createIndex({ _from: 1 });
    await db.createCollection("log", { capped: true, size: 20_000_000 });
    await fillCollection(
      db.collection("log"),
      Array.from({ length: 20_000 }, (_, i) => ({ _id: 20_000 - i, text: "x".repeat(100) })),
    );
    await db.createCollection("readings", { timeseries: { timeField: "at", metaField: "sensor" } });
    await db
      .collection("readings")
      .insertMany(Array.from({ length: 9000 }, (_, i) => ({ at: new Date(i * 1000), sensor: i % 300 })));
    before = await contentOf(db);
    archive = join(place.path, "archive");
    await mustEndWell(["export", "--archive", archive, "--part-mib", "0.25"], { mongodbUrl: source.url });
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  async function partsIn(db: Db): Promise<number> {
    return db.collection("firebreak_ledger").countDocuments({ "_id.part": { $exists: true } });
  }

  /** Starts a restore and ends it when so many parts are in. */
  async function cutOff(
    target: Database,
    parts: number,
    signal: NodeJS.Signals,
    args: readonly string[] = [],
  ): Promise<number | undefined> {
    const run = start(["restore", "--archive", archive, ...args], { mongodbUrl: target.url });
    await until(`${parts} parts in the ledger`, async () => (await partsIn(target.db)) >= parts);
    run.kill(signal);
    return (await run).exitCode;
  }

  function again(target: Database, args: readonly string[] = []): Promise<Ended> {
    return firebreak(["restore", "--archive", archive, ...args], { mongodbUrl: target.url });
  }

  for (const server of ["mongodb", "standalone"] as const)
    test(`three times by kill -9 and run again, has every document once on a ${server}`, async () => {
      await using target = await mongodbDatabase(ownName("cut"), server);
      let parts = 0;
      for (let kill = 0; kill < 3; kill++) {
        parts = (await partsIn(target.db)) + 1 + Math.floor(Math.random() * 8);
        await cutOff(target, parts, "SIGKILL");
      }
      const { exitCode, stdout } = await again(target);
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: expect.stringContaining("Going on with the unfinished restore") as string,
      });
      expect(await contentOf(target.db)).toEqual(before);
    });

  test("in the middle of a part, inserts what is missing of it", async () => {
    await using target = await mongodbDatabase(ownName("cut_part"));
    // Of the capped log all parts come at once: whoever only counted parts could find none of the messages.
    const run = start(["restore", "--archive", archive], { mongodbUrl: target.url });
    const ofMessages = { "_id.part": { $exists: true }, "_id.collection": "messages" };
    await until(
      "a part of the messages",
      async () => (await target.db.collection("firebreak_ledger").countDocuments(ofMessages)) > 0,
    );
    run.kill("SIGKILL");
    await run;
    // As if the batches of some parts had been written, and the ledger had not been.
    const ledger = target.db.collection("firebreak_ledger");
    const forgotten = await ledger.deleteMany(ofMessages);
    expect(forgotten.deletedCount).toBeGreaterThan(0);
    const some = await target.db.collection("messages").find().limit(10).toArray();
    await target.db.collection("messages").deleteMany({ _id: { $in: some.map((d) => d._id) } });
    expect((await again(target)).exitCode).toBe(0);
    expect(await contentOf(target.db)).toEqual(before);
  });

  test("in a capped collection, drops it and restores it whole, and says so", async () => {
    await using target = await mongodbDatabase(ownName("cut_capped"), "standalone");
    const args = ["--include", "*.log"];
    const run = start(["restore", "--archive", archive, ...args], { mongodbUrl: target.url });
    await until("documents in the log", async () => (await target.db.collection("log").countDocuments()) > 0);
    run.kill("SIGKILL");
    await run;
    expect(await partsIn(target.db)).toBe(0);
    const { exitCode, stdout } = await again(target, args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("is dropped and restored again");
    const { log } = before;
    expect(await contentOf(target.db)).toEqual({ log });
  });

  test("by Ctrl-C ends with 130 and goes on at once when it is run again", async () => {
    await using target = await mongodbDatabase(ownName("cut_c"));
    expect(await cutOff(target, 2, "SIGINT")).toBe(130);
    expect((await again(target)).exitCode).toBe(0);
    expect(await contentOf(target.db)).toEqual(before);
  });

  test("after everything was proved, builds the indexes; and after that, only tidies up", async () => {
    await using target = await mongodbDatabase(ownName("cut_late"));
    await target.db.collection("bystander").insertOne({ a: 1 });
    const ledger = target.db.collection<{ _id: string; state?: string }>("firebreak_ledger");
    const run = start(["restore", "--archive", archive], { mongodbUrl: target.url });
    await until("a proved collection", async () => (await ledger.countDocuments({ state: "proved" })) > 0);
    run.kill("SIGKILL");
    await run;
    const head = await ledger.findOne({ _id: "restore" });
    expect((await again(target)).exitCode).toBe(0);
    const { bystander: _, ...after } = await contentOf(target.db);
    expect(after).toEqual(before);
    // As it is left by a run that is killed while it removes its ledgers.
    await ledger.insertOne({ ...head!, isFinished: true } as never);
    await ledger.insertOne({ _id: { collection: "messages" }, state: "proved" } as never);
    expect((await again(target)).exitCode).toBe(0);
    expect(await target.db.listCollections({ name: "firebreak_ledger" }).toArray()).toEqual([]);
  });

  test("and changed by somebody before it was run again, ends with 4 and the ids; --drop mends it", async () => {
    await using target = await mongodbDatabase(ownName("cut_changed"));
    const parts = (await namespacesOf(archive)).flatMap((n) => n.parts).length;
    await cutOff(target, Math.floor(parts / 2), "SIGKILL");
    const messages = target.db.collection<{ _id: unknown }>("messages");
    const first = { "_id.collection": "messages", "_id.part": /\/00000\./ };
    expect(await target.db.collection("firebreak_ledger").countDocuments(first)).toBe(1);
    const [changed, missing] = await messages.find().sort({ _id: 1 }).limit(2).toArray();
    await messages.updateOne({ _id: changed!._id }, { $set: { tampered: true } });
    await messages.deleteOne({ _id: missing!._id });
    await messages.insertOne({ _id: "a stranger" });
    for (let run = 0; run < 2; run++) {
      const { exitCode, stdout } = await again(target);
      expect(exitCode).toBe(4);
      expect(stdout).toContain(`messages differs: the archive has ${MESSAGE_COUNT} documents`);
      expect(stdout).toMatch(/extra, by _id: "a stranger"/);
      expect(stdout).toContain(`changed, by _id: ${idText(changed!._id)}`);
      expect(stdout).toContain(`missing, by _id: ${idText(missing!._id)}`);
    }
    expect((await again(target, ["--drop", "--yes"])).exitCode).toBe(0);
    expect(await contentOf(target.db)).toEqual(before);
  });

  test("and its capped collection turned round, ends with 4: the order of documents is part of it", async () => {
    await using target = await mongodbDatabase(ownName("cut_order"), "standalone");
    const ledger = target.db.collection("firebreak_ledger");
    const run = start(["restore", "--archive", archive], { mongodbUrl: target.url });
    await until("the log to be in", async () => {
      const parts = await ledger.countDocuments({ "_id.collection": "log", "_id.part": { $exists: true } });
      return parts > 0 && parts === (await partsOf("log"));
    });
    run.kill("SIGKILL");
    await run;
    const log = target.db.collection("log");
    const documents = await log.find().toArray();
    await log.drop();
    await target.db.createCollection("log", { capped: true, size: 20_000_000 });
    await log.insertMany(documents.toReversed());
    const { exitCode, stdout } = await again(target);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("in another order");
    expect((await again(target, ["--drop", "--yes"])).exitCode).toBe(0);
    expect(await contentOf(target.db)).toEqual(before);
  });

  async function partsOf(collection: string): Promise<number> {
    const namespaces = await namespacesOf(archive);
    return namespaces.find((n) => n.namespace === `${source.db.databaseName}.${collection}`)!.parts.length;
  }

  test("by a server that ends in the middle, ends with 7 and goes on when the server is back", async () => {
    const dir = join(place.path, "mongod");
    let server = await startMongod({ dir });
    const { port } = new URL(server.url);
    try {
      let client = await MongoClient.connect(server.url);
      const run = start(["restore", "--archive", archive], {
        mongodbUrl: `${server.url}/t?serverSelectionTimeoutMS=1000`,
      });
      await until("4 parts in the ledger", async () => (await partsIn(client.db("t"))) >= 4);
      await server.kill();
      const ended = await run;
      expect(ended.exitCode).toBe(7);
      expect(ended.stderr).toMatch(/Run the same command again/);
      await client.close();
      server = await startMongod({ dir, port: Number(port) });
      client = await MongoClient.connect(server.url);
      const back = await firebreak(["restore", "--archive", archive], {
        mongodbUrl: `${server.url}/t?serverSelectionTimeoutMS=1000`,
      });
      expect({ exitCode: back.exitCode, stderr: back.stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(await contentOf(client.db("t"))).toEqual(before);
      await client.close();
    } finally {
      await server.kill();
    }
  });
});

function idText(id: unknown): string {
  return `{"$numberLong":"${String(id)}"}`;
}
