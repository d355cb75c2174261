import { join } from "node:path";
import type { Timestamp } from "bson";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../../scripts/servers/mongod.ts";
import type { Server } from "../../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking } from "@firebreak/testing/servers/databases";
import { exported, exportedDelta } from "@firebreak/testing/recipes/exported";
import { chainState, plainState, stateOf } from "@firebreak/testing/deltas/chain-state";

/** A set keeps ten stretches of its oplog of 16 MiB each at the least, however small that is said to be. */
const DOCUMENT_BYTES = 4 << 20;
const MOST_DOCUMENTS = 500;

const { isLacking, why } = lacking("mongodb");

describe.skipIf(isLacking)(`a replica set whose oplog has rolled over since the full export${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let server: Server;
  beforeAll(async () => {
    place = await folder();
    // What no checkpoint has yet is not cut off: there is to be one every second.
    const extraArgs = ["--syncdelay", "1"];
    server = await startMongod({
      dir: join(place.path, "server"),
      replicaSet: "small",
      oplogMib: 1,
      extraArgs,
    });
  });
  afterAll(async () => {
    await server.kill();
    await place[Symbol.asyncDispose]();
  });

  test("gives no delta by its changes, which have a hole; by comparison it gives one that has them all", async () => {
    const [full, delta] = [join(place.path, "full"), join(place.path, "delta")];
    await using client = await MongoClient.connect(server.url, { directConnection: true });
    const db = client.db("rolled");
    await db.collection<{ _id: number }>("kept").insertMany([{ _id: 1 }, { _id: 2 }]);
    const oplog = client.db("local").collection<{ ts: Timestamp }>("oplog.rs");
    const beginOfOplog = async (): Promise<Timestamp> =>
      (await oplog.findOne({}, { sort: { $natural: 1 } }))!.ts;
    const mongodbUrl = `${server.url}/?directConnection=true`;
    await well(exported(full, mongodbUrl, { include: ["rolled.*"] }));

    await db.collection<{ _id: number }>("kept").deleteOne({ _id: 1 });
    const before = await beginOfOplog();
    const large = db.collection<{ _id: number; bytes: Buffer }>("large");
    for (let i = 0; i < MOST_DOCUMENTS && (await beginOfOplog()).equals(before); i++)
      await large.replaceOne({ _id: 0 }, { bytes: Buffer.alloc(DOCUMENT_BYTES, i) }, { upsert: true });
    expect((await beginOfOplog()).equals(before), "the oplog still begins where it did").toBe(false);

    const refused = await exportedDelta(delta, mongodbUrl, full);
    expect(refused.ending, refused.text).toBe("change-stream-rolled");
    expect(refused.text).toContain("--by-comparison");
    await well(exportedDelta(delta, mongodbUrl, full, { isByComparison: true }));
    expect(plainState(await chainState(delta))).toEqual(plainState(await stateOf(db)));
  });
});
