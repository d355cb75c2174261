import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { ChangeStream, type StreamScope } from "../../../src/source/changes/change-stream.ts";
import { appliedTime, compareTimes, secondsOf, type ClusterTime } from "../../../src/source/cluster-time.ts";
import { connectMongodb, type MongodbSource } from "../../../src/driver/connect.ts";

const { isLacking, why } = lacking("mongodb");
/** More than the windows that the streams have here, so that there are several. */
const HISTORY_SECONDS = 4;

describe.skipIf(isLacking)(`a change stream that is read in windows${why}`, () => {
  const [own, other] = [ownName("windows"), ownName("windows_other")];
  let client: MongoClient;
  let source: MongodbSource;
  let since: ClusterTime;
  let end: ClusterTime;
  beforeAll(async () => {
    client = await MongoClient.connect(urlOf("mongodb"));
    source = await connectMongodb(urlOf("mongodb"));
    since = await appliedTime(source);
    end = since;
    for (let n = 0; n < 100 || secondsOf(end) < secondsOf(since) + HISTORY_SECONDS; n++) {
      await client.db(other).collection("c").insertOne({ n });
      if (n % 3 === 0) await client.db(own).collection("c").insertOne({ n });
      if (n % 10 === 0)
        await client.withSession((session) =>
          session.withTransaction(async () => {
            for (const name of [own, other])
              await client.db(name).collection("c").insertMany([{ n }, { n }], { session });
          }),
        );
      if (n % 30 === 0) await client.db(own).dropDatabase();
      end = await appliedTime(source);
    }
  });
  afterAll(async () => {
    for (const name of [own, other]) await client.db(name).dropDatabase();
    await source.client.close();
    await client.close();
  });

  async function read(scope: Partial<StreamScope>): Promise<{ events: string[]; batchCount: number }> {
    const filter = { include: [`${own}.*`], exclude: [] };
    const stream = new ChangeStream(source, { since, filter, ...scope }, { giveUpAfterMs: 10_000 });
    const events: string[] = [];
    let batchCount = 0;
    try {
      for await (const batch of stream.readTo(end)) {
        batchCount++;
        for (const { type, time, database, key } of batch)
          if (compareTimes(time, end) <= 0) events.push([type, time, database, key?.toString("hex")].join());
      }
    } finally {
      await stream.close();
    }
    return { events, batchCount };
  }

  test.each([{ database: undefined }, { database: own }])(
    "of %j has the same events as at once, and an answer for each window",
    async (scope) => {
      const atOnce = await read(scope);
      expect(atOnce.events.length).toBeGreaterThan(10);
      const inWindows = await read({ ...scope, windowSeconds: 1 });
      expect(inWindows.events).toEqual(atOnce.events);
      expect(inWindows.batchCount).toBeGreaterThanOrEqual(HISTORY_SECONDS - 1);
    },
  );

  test("has no event of other namespaces, though the ends of windows show them", async () => {
    const { events } = await read({ windowSeconds: 1 });
    expect(events.filter((event) => event.includes(other))).toEqual([]);
  });
});
