import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../scripts/servers/mongod.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking } from "@firebreak/testing/servers/databases";
import { makeCertificates, type Certificates } from "@firebreak/testing/servers/certificates";
import { connectMongodb } from "../../src/driver/connect.ts";

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`a login to MongoDB${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let running: Server;
  let ours: Certificates;
  let others: Certificates;
  beforeAll(async () => {
    place = await folder();
    ours = await makeCertificates(place.path, "ours");
    others = await makeCertificates(place.path, "others");
    const both = join(place.path, "both.pem");
    await writeFile(both, [await readFile(ours.serverCert), await readFile(ours.serverKey)].join("\n"));
    running = await startMongod({
      dir: join(place.path, "server"),
      extraArgs: ["--auth", "--tlsMode", "allowTLS", "--tlsCertificateKeyFile", both],
    });
    await using client = await MongoClient.connect(running.url);
    await client.db("admin").command({
      createUser: "ada",
      pwd: "pä/ss@wörd",
      roles: ["root"],
      mechanisms: ["SCRAM-SHA-1", "SCRAM-SHA-256"],
    });
  });
  afterAll(async () => {
    await running.kill();
    await place[Symbol.asyncDispose]();
  });

  const url = (options: string, host = "localhost"): string =>
    `mongodb://ada:${encodeURIComponent("pä/ss@wörd")}@${host}:${running.port}/?authSource=admin&serverSelectionTimeoutMS=2000&${options}`;

  async function login(target: string): Promise<void> {
    const source = await connectMongodb(target);
    // Something that only somebody who is logged in may ask.
    await source.client.db("admin").command({ listDatabases: 1 });
    await source.client.close();
  }

  test.each(["SCRAM-SHA-1", "SCRAM-SHA-256"])(
    "goes through by %s, in the clear and over TLS",
    async (mechanism) => {
      await login(url(`authMechanism=${mechanism}`));
      await login(url(`authMechanism=${mechanism}&tls=true&tlsCAFile=${encodeURIComponent(ours.ca)}`));
    },
  );

  test("over TLS needs a server that the CA vouches for, by its name", async () => {
    const byOthers = url(`tls=true&tlsCAFile=${encodeURIComponent(others.ca)}`);
    await expect(login(byOthers)).rejects.toMatchObject({ code: "mongodb-unreachable", exitCode: 7 });
    const byAddress = url(`tls=true&tlsCAFile=${encodeURIComponent(ours.ca)}`, "127.0.0.1");
    await expect(login(byAddress)).rejects.toMatchObject({ code: "mongodb-unreachable" });
    await expect(login(url("tls=true"))).rejects.toMatchObject({ code: "mongodb-unreachable" });
  });

  test("with a wrong password is refused", async () => {
    const wrong = url("").replace(/:[^:@]*@/, ":wrong@");
    await expect(login(wrong)).rejects.toMatchObject({ code: "mongodb-login", exitCode: 6 });
  });
});
