import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { ChangeStream } from "../../../src/source/changes/change-stream.ts";
import type { ChangeEvent } from "../../../src/source/changes/change-event.ts";
import { appliedTime, type ClusterTime } from "../../../src/source/cluster-time.ts";
import { connectMongodb, type MongodbSource } from "../../../src/driver/connect.ts";
import { databaseTest } from "../../../src/source/glob-halves.ts";

const { isLacking, why } = lacking("mongodb");

/** Names in which a letter means something to an expression, to JSON or to a glob. */
const NAMES = [
  "plain",
  "plain\n",
  "it's",
  'a "quote"',
  "a.b.c",
  "a\\z",
  "x{2}",
  "x{2",
  "a-b_c",
  "[set]",
  "(open",
  "^caret",
  "p|pe",
  "pl+s",
  "line\nfeed",
  "tab\there",
  "é😀 ",
  "-#,",
  "star*",
  "what?",
] as const;

describe.skipIf(isLacking)(`the filter of a change stream${why}`, () => {
  const [one, two, three] = [ownName("filter"), ownName("filter2"), ownName("fil'ter")];
  let client: MongoClient;
  let source: MongodbSource;
  let since: ClusterTime;
  let end: ClusterTime;
  let events: readonly ChangeEvent[];

  async function read(filter: NamespaceFilter, database?: string): Promise<ChangeEvent[]> {
    const stream = new ChangeStream(source, { database, since, filter }, { giveUpAfterMs: 10_000 });
    const found: ChangeEvent[] = [];
    try {
      for await (const batch of stream.readTo(end)) found.push(...batch);
    } finally {
      await stream.close();
    }
    // Other tests write to the same server.
    return found.filter((e) => e.type === "invalidate" || [one, two, three].includes(e.database));
  }
  const shown = ({ type, time, database, collection, to }: ChangeEvent): string =>
    JSON.stringify([type, time, database, collection, to]);

  beforeAll(async () => {
    client = await MongoClient.connect(urlOf("mongodb"));
    source = await connectMongodb(urlOf("mongodb"));
    since = await appliedTime(source);
    for (const database of [one, two, three])
      for (const name of NAMES) await client.db(database).collection(name).insertOne({ name });
    const db = client.db(one);
    for (const name of ["plain", "plain\n", "it's"]) {
      await db.collection<{ _id: number }>(name).insertOne({ _id: 1 });
      await db.collection<{ _id: number }>(name).updateOne({ _id: 1 }, { $set: { v: 1 } });
      await db.collection<{ _id: number }>(name).replaceOne({ _id: 1 }, { v: 2 });
      await db.collection<{ _id: number }>(name).deleteOne({ _id: 1 });
      await db.collection(name).createIndex({ v: 1 });
      await db.collection(name).dropIndex("v_1");
      await db.command({ collMod: name, validationLevel: "moderate" });
      await db.collection(name).rename(`${name} renamed`);
      await db
        .collection("x{2}")
        .aggregate([{ $out: name }])
        .toArray();
    }
    await db.createCollection("view", { viewOn: "plain", pipeline: [] });
    await db.createCollection("capped", { capped: true, size: 4096 });
    await db.createCollection("series", { timeseries: { timeField: "t" } });
    await client.db("admin").command({ renameCollection: `${two}.p|pe`, to: `${one}.from another` });
    await using session = client.startSession();
    await session.withTransaction(async () => {
      for (const database of [one, two])
        for (const name of ["a.b.c", "plain"])
          await client
            .db(database)
            .collection(name)
            .insertMany([{ v: 1 }, { v: 2 }], { session });
    });
    await client.db(two).collection("it's").drop();
    await client.db(two).dropDatabase();
    await client.db(two).collection("plain").insertOne({});
    end = await appliedTime(source);
    events = await read({ include: [], exclude: [] });
  });
  afterAll(async () => {
    for (const database of [one, two, three]) await client.db(database).dropDatabase();
    await source.client.close();
    await client.close();
  });

  function expected(filter: NamespaceFilter): string[] {
    const [isWanted, isWantedDatabase] = [namespaceTest(filter), databaseTest(filter)];
    return events
      .filter(({ type, database, collection, to }) => {
        if (collection === undefined) return type === "invalidate" || isWantedDatabase(database);
        return (
          isWanted(`${database}.${collection}`) ||
          (to !== undefined && isWanted(`${to.database}.${to.collection}`))
        );
      })
      .map(shown);
  }

  test("is tried with every kind of event", () => {
    expect(new Set(events.map(({ type }) => type))).toEqual(
      new Set([
        "insert",
        "update",
        "replace",
        "delete",
        "drop",
        "rename",
        "dropDatabase",
        "create",
        "createIndexes",
        "dropIndexes",
        "modify",
      ]),
    );
  });

  const globs = [
    ...NAMES.map((name) => `${one}.${name.replaceAll("*", "?")}`),
    `${one}.*`,
    `${two}.*`,
    `${three}.*`,
    `${one}*`,
    `${one}.?lain`,
    `${one}?plain`,
    `${one}.a?*`,
    `${one}.plain renamed`,
    `${one}.from another`,
    `${one}.view`,
    `${one}.s*`,
    `${one}.é?*`,
    `${one.slice(0, -1)}?.a.b.c`,
    `${two}.p|pe`,
    `${three}.é? `,
    "f_fil*plain",
    "*",
    "*.*",
    "*.plain",
    "*.plain*",
    "*.it's",
    "*.😀",
    "*\n",
    "?",
    "nothing",
  ];
  test.each(globs)(
    "of %j, as include and as exclude, lets the same events through as the namespace filter",
    async (glob) => {
      for (const filter of [
        { include: [glob], exclude: [] },
        { include: [], exclude: [glob] },
        { include: [`${one}.*`, "*.plain"], exclude: [glob, `${one}.capped`] },
        { include: [glob, `${two}.a*`], exclude: [`*e*`] },
      ])
        expect((await read(filter)).map(shown), JSON.stringify(filter)).toEqual(expected(filter));
    },
  );

  test("leaves the end of a database's stream in, behind which it goes on", async () => {
    const ended = await read({ include: ["*.plain"], exclude: [] }, two);
    expect(ended.map(({ type }) => type).slice(-5)).toEqual([
      "drop",
      "dropDatabase",
      "invalidate",
      "create",
      "insert",
    ]);
  });
});
