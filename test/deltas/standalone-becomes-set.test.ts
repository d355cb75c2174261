import { execFileSync } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { readSourceManifest } from "@firebreak/archive";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { lacking } from "@firebreak/testing/servers/databases";
import { startMongod } from "../../scripts/servers/mongod.ts";

const { isLacking, why } = lacking("standalone");
const PASSWORD = "not secret";

test.skipIf(isLacking)(
  `a standalone with authorization becomes a replica set as an export says, and its chain goes on by change stream${why}`,
  async () => {
    await using place = await folder();
    const at = (name: string): string => join(place.path, name);
    const server = { dir: at("server"), cacheGib: 0.25, extraArgs: ["--auth"] };
    const items = async (url: string) => {
      const client = await MongoClient.connect(url);
      const collection = client.db("shop").collection<{ _id: number; text: string }>("items");
      return { collection, [Symbol.asyncDispose]: () => client.close() };
    };
    let url = "";
    let port = 0;
    {
      const standalone = await startMongod(server);
      port = Number(new URL(standalone.url).port);
      await using client = await MongoClient.connect(standalone.url);
      await client.db("admin").command({ createUser: "root", pwd: PASSWORD, roles: ["root"] });
      url = `mongodb://root:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/?directConnection=true`;
      await using filled = await items(url);
      await filled.collection.insertMany(
        Array.from({ length: 100 }, (_, i) => ({ _id: i, text: `text ${i}` })),
      );
      await mustEndWell(["export", "--archive", at("full")], { mongodbUrl: url });
      await filled.collection.deleteOne({ _id: 1 });
      const { output } = await mustEndWell(["export", "--archive", at("d1"), "--delta-from", at("full")], {
        mongodbUrl: url,
      });
      expect(output).toContain("--replSet rs0 --oplogSize 10240");
      expect(output).toContain(`rs.initiate({_id: "rs0", members: [{_id: 0, host: "127.0.0.1:${port}"}]})`);
      await standalone.stop();
    }
    const key = at("key");
    await writeFile(key, execFileSync("openssl", ["rand", "-base64", "756"]));
    await chmod(key, 0o400);
    const args = ["--auth", "--keyFile", key, "--replSet", "rs0", "--oplogSize", "64"];
    // It is up when the member is primary, which it becomes only when a user with a password asks for it.
    const starting = startMongod({ ...server, port, extraArgs: args });
    await using client = new MongoClient(url, { serverSelectionTimeoutMS: 30_000 });
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await client.db("admin").command({ replSetInitiate: { _id: "rs0", members } });
    const member = await starting;
    try {
      await using changed = await items(url);
      await changed.collection.updateOne({ _id: 2 }, { $set: { text: "edited" } });
      await mustEndWell(["export", "--archive", at("d2"), "--delta-from", at("d1")], { mongodbUrl: url });
      await changed.collection.updateOne({ _id: 3 }, { $set: { text: "edited" } });
      await mustEndWell(["export", "--archive", at("d3"), "--delta-from", at("d2")], { mongodbUrl: url });
    } finally {
      await member.stop();
    }
    const links = await Promise.all(["d1", "d2", "d3"].map((name) => readSourceManifest(at(name))));
    expect(links.map(({ manifest }) => [manifest.delta!.by, manifest.namespaces[0]!.lineCount])).toEqual([
      ["comparison", 0],
      ["comparison", 1],
      ["change-stream", 1],
    ]);
  },
);
