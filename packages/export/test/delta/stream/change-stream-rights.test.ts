import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSourceManifest } from "@firebreak/archive";
import { startMongod } from "../../../../../scripts/servers/mongod.ts";
import type { Server } from "../../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { asUser, lacking } from "@firebreak/testing/servers/databases";
import { exported, exportedDelta } from "@firebreak/testing/recipes/exported";
import { until } from "@firebreak/testing/servers/until";
import { plainState, chainState, stateOf } from "@firebreak/testing/deltas/chain-state";

const { isLacking, why } = lacking("mongodb");

describe.skipIf(isLacking)(`a delta by change stream of a server with logins${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let server: Server;
  let client: MongoClient;
  let mongodbUrl: string;
  let last: string;
  beforeAll(async () => {
    place = await folder();
    const keyFile = join(place.path, "key");
    await writeFile(keyFile, "abcdefgh", { mode: 0o600 });
    server = await startMongod({
      dir: join(place.path, "server"),
      replicaSet: "rs0",
      extraArgs: ["--keyFile", keyFile],
    });
    await using first = await MongoClient.connect(server.url);
    await first.db("admin").command({ createUser: "root", pwd: "geheim123", roles: ["root"] });
    client = await MongoClient.connect(`${asUser(server.url, "root", "geheim123")}/?authSource=admin`);
    const roles = ["one", "two"].map((db) => ({ role: "read", db }));
    await client.db("admin").command({ createUser: "reader", pwd: "geheim123", roles });
    mongodbUrl = `${asUser(server.url, "reader", "geheim123")}/?authSource=admin`;
    for (const name of ["one", "two"])
      await client
        .db(name)
        .collection("c")
        .insertMany([{ v: 1 }, { v: 2 }]);
    last = join(place.path, "full");
    await well(exported(last, mongodbUrl));
  });
  afterAll(async () => {
    await client.close();
    await server.kill();
    await place[Symbol.asyncDispose]();
  });

  async function expectSame(archive: string): Promise<void> {
    const [one, two] = [await stateOf(client.db("one")), await stateOf(client.db("two"))];
    expect(plainState(await chainState(archive))).toEqual(plainState(new Map([...one, ...two])));
  }
  async function goOn(name: string): Promise<void> {
    const archive = join(place.path, name);
    await well(exportedDelta(archive, mongodbUrl, last));
    last = archive;
    await expectSame(archive);
  }

  test("takes a stream of each database where the user may not see the changes of all", async () => {
    await client.db("one").collection("c").deleteOne({ v: 1 });
    await client.db("two").collection("d").insertOne({ v: 3 });
    await goOn("of-each");
    // The stream of a database ends with it, and begins again behind its end.
    await client.db("two").dropDatabase();
    await client.db("two").collection("c").insertOne({ v: 4 });
    await client.db("two").dropDatabase();
    await client.db("two").collection("d").insertOne({ v: 5 });
    await goOn("dropped");
  });

  test("does not take for dropped what the user may no longer see", async () => {
    const roles = [{ role: "read", db: "two" }];
    await client.db("admin").command({ revokeRolesFromUser: "reader", roles });
    const { error, text } = await exportedDelta(join(place.path, "unseen"), mongodbUrl, last);
    await client.db("admin").command({ grantRolesToUser: "reader", roles });
    expect(error, text).toMatchObject({ exitCode: 6 });
  });

  test("waits for a primary that stepped down, and goes on", async () => {
    const documents = Array.from({ length: 10_000 }, (_, v) => ({ v, text: "x".repeat(100) }));
    await client.db("one").collection("c").insertMany(documents);
    const archive = join(place.path, "stepped-down");
    const run = exportedDelta(archive, mongodbUrl, last);
    await until("a delta under way", async () =>
      (await readdir(archive).catch((): string[] => [])).includes("delta-export.partial"),
    );
    await client.db("admin").command({ replSetStepDown: 1, force: true });
    expect(await run).toMatchObject({ ending: "well" });
    last = archive;
    await expectSame(archive);
  });

  test("ends where an event is larger than a document may be, and by comparison goes on", async () => {
    await client
      .db("one")
      .collection("c")
      .insertOne({ _id: "x".repeat(7_900_000) as never });
    const archive = join(place.path, "oversized");
    const { error, text } = await exportedDelta(archive, mongodbUrl, last);
    expect(error, text.slice(0, 2000)).toMatchObject({ exitCode: 6 });
    expect(text).toContain("--by-comparison");
    expect(text.length).toBeLessThan(2000);
    await well(exportedDelta(archive, mongodbUrl, last, { isByComparison: true }));
    expect((await readSourceManifest(archive)).manifest.delta).toMatchObject({ by: "comparison" });
    await expectSame(archive);
    last = archive;
    await client.db("one").collection("c").deleteOne({ v: 2 });
    await goOn("after");
  });
});
