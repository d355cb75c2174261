import { join } from "node:path";
import type { ExportEvent } from "../../../src/export-notes.ts";
import { exportArchive } from "@firebreak/export";
import { appliedTime, compareTimes, connectMongodb } from "@firebreak/mongodb";
import { MongoClient, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { chainState, plainState, stateOf, type State } from "@firebreak/testing/deltas/chain-state";
import { changesIn, manifestOf, runDelta, type RunDelta } from "@firebreak/testing/deltas/run-delta";

const { isLacking, why } = lacking("mongodb");
/** Events of a neighbour, many times those of the selection. */
const FOREIGN_EVENTS = 20_000;

describe.skipIf(isLacking)(`the changes of selected namespaces${why}`, () => {
  const [own, other] = [ownName("selected"), ownName("neighbour")];
  let client: MongoClient;
  let db: Db;
  let neighbour: Db;
  let place: Awaited<ReturnType<typeof folder>>;
  let linkCount = 0;
  beforeAll(async () => {
    place = await folder();
    client = await MongoClient.connect(urlOf("mongodb"));
    [db, neighbour] = [client.db(own), client.db(other)];
  });
  afterAll(async () => {
    for (const each of [db, neighbour]) await each.dropDatabase();
    await client.close();
    await place[Symbol.asyncDispose]();
  });

  const newArchive = (): string => join(place.path, `link${linkCount++}`);
  const busy = async (): Promise<void> => {
    const documents = Array.from({ length: FOREIGN_EVENTS }, (_, n) => ({ n }));
    await neighbour.collection("busy").insertMany(documents);
  };

  /** A full archive; `amid` happens when it has begun to read. */
  async function full(
    selection: { include?: readonly string[]; exclude?: readonly string[]; url?: string },
    amid: () => Promise<unknown> = async () => undefined,
  ): Promise<{ archive: string; events: ExportEvent[] }> {
    const { include = [], exclude = [], url = urlOf("mongodb") } = selection;
    const archive = newArchive();
    const events: ExportEvent[] = [];
    const exporting = exportArchive({
      source: { kind: "mongodb", url },
      archive,
      include,
      exclude,
      partMib: 1,
      recipients: [],
      hasPassphrase: false,
      hasClearNames: false,
      jobs: 1,
      version: "test",
      giveUpAfterMs: 10_000,
    });
    for await (const event of exporting) {
      if (event.kind === "progress" && events.length === 0) await amid();
      events.push(event);
    }
    return { archive, events };
  }
  async function begin(include: readonly string[], exclude: readonly string[] = []): Promise<string> {
    for (const each of [db, neighbour]) await each.dropDatabase();
    for (const name of ["a", "b"]) {
      await db.collection(name).insertMany([{ v: 1 }, { v: 2 }]);
      await neighbour.collection(name).insertOne({ v: "neighbour" });
    }
    return (await full({ include, exclude })).archive;
  }
  async function delta(deltaFrom: string): Promise<RunDelta & { archive: string }> {
    const archive = newArchive();
    const source = { kind: "mongodb", url: urlOf("mongodb") } as const;
    const ran = await runDelta({ source, archive, deltaFrom, isByComparison: false });
    return { ...ran, archive };
  }
  async function expectSame(archive: string, ...namespaces: readonly string[]): Promise<void> {
    const there: State = new Map([...(await stateOf(db)), ...(await stateOf(neighbour))]);
    const wanted = new Map([...there].filter(([name]) => namespaces.includes(name)));
    expect(plainState(await chainState(archive))).toEqual(plainState(wanted));
  }

  test("are read without those of a busy neighbour, of which the server sends none", async () => {
    const base = await begin([`${own}.*`]);
    await busy();
    await db.collection("a").updateMany({}, { $inc: { v: 1 } });
    const { archive, eventCount, lags } = await delta(base);
    expect(eventCount).toBe(2);
    expect(lags[0]).toBeGreaterThanOrEqual(0);
    expect(lags.at(-1)).toBe(0);
    await expectSame(archive, `${own}.a`, `${own}.b`);
  });

  test("are read without those of a busy neighbour that is excluded", async () => {
    const base = await begin([`${own}.*`, `${other}.*`], [`${other}.bus?`]);
    await busy();
    await db.collection("a").deleteOne({ v: 1 });
    const { archive, eventCount } = await delta(base);
    expect(eventCount).toBe(1);
    await expectSame(archive, ...["a", "b"].flatMap((name) => [`${own}.${name}`, `${other}.${name}`]));
  });

  test("end the reading of a quiet selection, and the next link begins behind what its neighbours did", async () => {
    const base = await begin([`${own}.*`]);
    await busy();
    const connected = await connectMongodb(urlOf("mongodb"));
    const busyUntil = await appliedTime(connected);
    await connected.client.close();
    const { archive, eventCount, notes } = await delta(base);
    expect({ eventCount, notes }).toEqual({ eventCount: 0, notes: ["delta-empty"] });
    const { watermark } = await manifestOf(archive);
    expect(compareTimes(watermark!, busyUntil)).toBeGreaterThanOrEqual(0);
    await db.collection("b").insertOne({ v: 3 });
    const next = await delta(archive);
    expect(next.eventCount).toBe(1);
    await expectSame(next.archive, `${own}.a`, `${own}.b`);
  });

  test("are put into a full export without those of a busy neighbour", async () => {
    for (const each of [db, neighbour]) await each.dropDatabase();
    await db.collection("a").insertMany([{ v: 1 }, { v: 2 }]);
    const { archive, events } = await full({ include: [`${own}.*`] }, async () => {
      await busy();
      await db.collection("a").updateMany({}, { $set: { late: true } });
    });
    const read = events.filter((e) => e.kind === "progress" && e.lagSeconds !== undefined);
    expect(read.at(-1)).toMatchObject({ stage: "changes", items: 2, lagSeconds: 0 });
    expect((await manifestOf(archive)).consistency).toBe("snapshot");
    await expectSame(archive, `${own}.a`);
  });

  test("have a collection that is renamed into the selection, within its database and from another", async () => {
    const base = await begin([`${own}.*`], [`${own}.b`]);
    await db.collection("b").rename("in1");
    await client.db("admin").command({ renameCollection: `${other}.a`, to: `${own}.in2` });
    const { archive } = await delta(base);
    expect(await changesIn(archive)).toEqual({ in1: "whole", in2: "whole" });
    await expectSame(archive, `${own}.a`, `${own}.in1`, `${own}.in2`);
  });

  test("have a collection that another one from outside takes the place of", async () => {
    const base = await begin([`${own}.a`]);
    await db.collection("b").rename("a", { dropTarget: true });
    const { archive } = await delta(base);
    expect(await changesIn(archive)).toEqual({ a: "whole" });
    await expectSame(archive, `${own}.a`);
    await db.collection("c").insertOne({ v: "out" });
    await db
      .collection("c")
      .aggregate([{ $out: "a" }])
      .toArray();
    const next = await delta(archive);
    expect(await changesIn(next.archive)).toEqual({ a: "whole" });
    await expectSame(next.archive, `${own}.a`);
  });

  test("have a collection that is renamed out of the selection, within its database and to another", async () => {
    const base = await begin([`${own}.a`, `${own}.b`]);
    await db.collection("a").rename("out");
    await client.db("admin").command({ renameCollection: `${own}.b`, to: `${other}.out` });
    const { archive } = await delta(base);
    expect(await changesIn(archive)).toEqual({ a: "dropped", b: "dropped" });
    await expectSame(archive);
  });

  test("have the drop of a selected database, and of a neighbour's nothing", async () => {
    const base = await begin([`${own}.*`]);
    await neighbour.dropDatabase();
    await db.dropDatabase();
    await db.collection("a").insertOne({ v: "again" });
    const { archive, eventCount } = await delta(base);
    expect(await changesIn(archive)).toEqual({ a: "whole", b: "dropped" });
    // Two drops of collections, one of the database, a new collection and its document.
    expect(eventCount).toBe(5);
    await expectSame(archive, `${own}.a`);
  });

  test("have new collections and views that match, and other definitions of old ones", async () => {
    const base = await begin([`${own}.*`], [`*.secret`]);
    await db.collection("secret").insertOne({});
    await db.collection("new").insertOne({});
    await db.createCollection("view", { viewOn: "new", pipeline: [] });
    await db.collection("a").createIndex({ v: 1 });
    await db.command({ collMod: "b", validator: { v: { $exists: true } } });
    const { archive } = await delta(base);
    expect(await changesIn(archive)).toEqual({ new: "whole", view: "whole", a: "changed", b: "changed" });
    await expectSame(archive, ...["a", "b", "new", "view"].map((name) => `${own}.${name}`));
  });

  test("of one database, named in the URL, go on behind its end", async () => {
    for (const each of [db, neighbour]) await each.dropDatabase();
    await db.collection("a").insertOne({ v: 1 });
    const url = urlOf("mongodb", own);
    const archive = newArchive();
    const { archive: base } = await full({ include: [`${own}.a`], url });
    await db.dropDatabase();
    await db.collection("a").insertOne({ v: 2 });
    await db.dropDatabase();
    await db.collection("a").insertOne({ v: 3 });
    const source = { kind: "mongodb", url } as const;
    const { eventCount } = await runDelta({ source, archive, deltaFrom: base, isByComparison: false });
    // Both times the drop of the collection, that of the database and the stream's end; a new collection and its document.
    expect(eventCount).toBe(10);
    await expectSame(archive, `${own}.a`);
  });
});
