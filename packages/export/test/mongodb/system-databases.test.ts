import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient, type Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../scripts/servers/mongod.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { asUser, lacking } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { manifestOf } from "@firebreak/testing/deltas/run-delta";

const { isLacking, why } = lacking("mongodb");
const DATABASES = ["admin", "config", "local", "shop"] as const;

describe.skipIf(isLacking)(`collections of applications in the server's own databases${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let server: Server;
  let client: MongoClient;
  let root: string;
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
    root = asUser(server.url, "root", "geheim123");
    // What is not replicated takes no writes that the driver may retry.
    client = await MongoClient.connect(`${root}/?authSource=admin`, { retryWrites: false });
    const roles = ["readAnyDatabase"];
    await client.db("admin").command({ createUser: "reader", pwd: "geheim123", roles });
    for (const name of DATABASES) await refill(name);
  });
  afterAll(async () => {
    await client.close();
    await server.kill();
    await place[Symbol.asyncDispose]();
  });

  async function refill(database: string): Promise<void> {
    const messages = client.db(database).collection<{ _id: number }>("messages");
    await messages.drop().catch(() => undefined);
    await messages.insertMany([1, 2, 3].map((_id) => ({ _id, of: database })));
  }
  const exported = async (name: string, url: string, ...args: string[]) => {
    const archive = join(place.path, name);
    const { output } = await mustEndWell(["export", "--archive", archive, ...args], { mongodbUrl: url });
    return { archive, output, manifest: await manifestOf(archive) };
  };
  const contentOf = (database: string): Promise<Document[]> =>
    client.db(database).collection("messages").find().sort({ _id: 1 }).toArray();

  test("are exported, and each says of which moment it is; those in local are named as left out", async () => {
    const { manifest, output } = await exported("all", `${root}/?authSource=admin`);
    expect(manifest.consistency).toBe("snapshot");
    expect(manifest.namespaces.map((n) => [n.namespace, n.documentCount, n.consistency])).toEqual([
      ["admin.messages", 3, "document"],
      ["config.messages", 3, "document"],
      ["shop.messages", 3, undefined],
    ]);
    expect(output).toMatch(/Not exported.*local\.messages.*--include '\*' --include 'local\.\*'/);
    expect(output).toMatch(/Not exported.*admin\.system\.users\. Users and roles/);
    expect(output).not.toContain("oplog.rs");
  });

  test("are exported from local where they are asked for, by glob or in the URL", async () => {
    const asked = await exported("local", `${root}/?authSource=admin`, "--include", "local.*");
    expect(asked.manifest.namespaces.map((n) => [n.namespace, n.documentCount])).toEqual([
      ["local.messages", 3],
    ]);
    expect(asked.output).toMatch(/Not exported.*local\.oplog\.rs.*MongoDB's own/);
    const named = await exported("local-url", `${root}/local?authSource=admin`);
    expect(named.manifest.namespaces.map((n) => n.namespace)).toEqual(["local.messages"]);
  });

  test("are exported with all the others by a URL that names admin, and the output says so", async () => {
    const { manifest, output } = await exported("admin-url", `${root}/admin`);
    expect(manifest.namespaces.map((n) => n.namespace)).toEqual([
      "admin.messages",
      "config.messages",
      "shop.messages",
    ]);
    expect(output).toContain("names the database admin");
    const one = await exported("admin-shop", `${root}/admin`, "--include", "shop.*");
    expect(one.manifest.namespaces.map((n) => n.namespace)).toEqual(["shop.messages"]);
  });

  test("are compared by a delta, whichever way the changes of the others are found", async () => {
    const url = `${root}/?authSource=admin`;
    const globs = ["--include", "*", "--include", "local.*"];
    let { archive } = await exported("base", url, ...globs);
    for (const way of [[], ["--by-comparison"], []]) {
      for (const name of DATABASES) {
        const messages = client.db(name).collection<{ _id: number; v?: number }>("messages");
        await messages.deleteOne({ _id: 1 });
        await messages.updateOne({ _id: 2 }, { $inc: { v: 1 } });
        await messages.insertOne({ _id: 1000 + Math.floor(performance.now()) });
      }
      await client.db("admin").collection("fresh").insertOne({ way: way.length });
      const delta = await exported(`${archive.split("/").at(-1)}-d`, url, "--delta-from", archive, ...way);
      archive = delta.archive;
      const namespaces = delta.manifest.namespaces.map((n) => n.namespace);
      expect(namespaces).toEqual(["admin.fresh", ...DATABASES.map((name) => `${name}.messages`)]);
      const isStream = way.length === 0;
      expect(delta.manifest.delta?.by).toBe(isStream ? "change-stream" : "comparison");
      expect(delta.manifest.namespaces.map((n) => n.consistency)).toEqual(
        [true, true, true, true, false].map((isSystem) => (isStream && isSystem ? "document" : undefined)),
      );
    }
    const whole = join(place.path, "compacted");
    await mustEndWell(["compact", "--archive", archive, "--out", whole]);
    const before = await Promise.all(DATABASES.map(contentOf));
    for (const name of ["admin", "config", "shop"]) await client.db(name).collection("messages").drop();
    await client.db("admin").collection("fresh").drop();
    const restore = ["restore", "--archive", whole];
    const refused = await firebreak(restore, { mongodbUrl: url });
    expect(refused).toMatchObject({ exitCode: 6 });
    expect(refused.stderr).toMatch(/local\.messages would go into the database local.*--rename local=NAME/);
    await mustEndWell([...restore, "--rename", "local=of_local"], { mongodbUrl: url });
    const places = ["admin", "config", "of_local", "shop"];
    expect(await Promise.all(places.map(contentOf))).toEqual(before);
    await client.db("of_local").dropDatabase();
    const nothing = await exported("unchanged", url, "--delta-from", archive);
    // It was dropped meanwhile; of the others only the content counts.
    expect(nothing.manifest.namespaces.map((n) => [n.namespace, n.change])).toEqual([
      ["shop.messages", "whole"],
    ]);
    await client.db("admin").collection("fresh").drop();
    const dropped = await exported("dropped", url, "--delta-from", nothing.archive);
    expect(dropped.manifest.namespaces.map((n) => [n.namespace, n.change])).toEqual([
      ["admin.fresh", "dropped"],
    ]);
  });

  test("are looked for where the user may, and a database that is closed to the user is named", async () => {
    const reader = `${asUser(server.url, "reader", "geheim123")}/?authSource=admin`;
    const { manifest, output } = await exported("reader", reader);
    expect(manifest.namespaces.map((n) => n.namespace)).toEqual(["admin.messages", "shop.messages"]);
    expect(output).toMatch(/Not exported.*config\.\*\. The user may not look there/);
    const asked = await firebreak(
      ["export", "--archive", join(place.path, "closed"), "--include", "config.*"],
      { mongodbUrl: reader },
    );
    expect(asked).toMatchObject({ exitCode: 6, stderr: expect.stringContaining("does not allow") as string });
    const before = await exported("open", `${root}/?authSource=admin`);
    const delta = await firebreak(
      ["export", "--archive", join(place.path, "closed-delta"), "--delta-from", before.archive],
      { mongodbUrl: reader },
    );
    expect(delta).toMatchObject({ exitCode: 6, stderr: expect.stringContaining("does not allow") as string });
  });

  test("are restored beside the server's own, which nothing may be restored over", async () => {
    const { archive } = await exported("restored", `${root}/admin`);
    const before = await contentOf("admin");
    const users = await client.db("admin").collection("system.users").countDocuments();
    for (const name of ["admin", "config", "shop"]) await client.db(name).collection("messages").drop();
    await mustEndWell(["restore", "--archive", archive], { mongodbUrl: `${root}/admin` });
    expect(await contentOf("admin")).toEqual(before);
    expect(await client.db("admin").collection("system.users").countDocuments()).toBe(users);
    const text = await readFile(join(archive, "manifest.json"), "utf8");
    expect(text).not.toContain("system.users");
  });

  test("what matches and is the server's own alone is named where there is nothing to export", async () => {
    const { exitCode, stderr } = await firebreak(
      ["export", "--archive", join(place.path, "own"), "--include", "admin.system.*"],
      { mongodbUrl: `${root}/admin` },
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2 });
    expect(stderr).toMatch(/nothing to export that matches admin\.system\.\*, only .*admin\.system\.version/);
  });
});
