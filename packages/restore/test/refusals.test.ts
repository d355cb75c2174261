import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../scripts/servers/mongod.ts";
import type { Server } from "../../../scripts/servers/server.ts";
import { MongoClient } from "mongodb";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { asUser, lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { restored } from "@firebreak/testing/recipes/restored";
import { contentOf } from "@firebreak/testing/documents/database-content";

type Database = Awaited<ReturnType<typeof mongodbDatabase>>;

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`a restore that is refused${why}`, () => {
  const name = ownName("refusing");
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  let target: Database;

  beforeAll(async () => {
    place = await folder();
    const documents = Array.from({ length: 20 }, (_, _id) => ({ _id }));
    archive = await makeArchive(place.path, {
      database: name,
      collections: { a: documents, b: documents, "c=d": documents },
      isTransformed: false,
    });
    target = await mongodbDatabase(ownName("refused"), "standalone");
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** Runs it, and proves that the target is what it was. */
  async function refusal(
    options: Parameters<typeof restored>[2] = {},
    { from = archive, url = target.url }: { from?: string; url?: string } = {},
  ): Promise<Outcome> {
    const before = await contentOf(target.db);
    const ended = await restored(from, url, options);
    expect(await contentOf(target.db)).toEqual(before);
    return ended;
  }

  async function emptied(): Promise<void> {
    await target.db.dropDatabase();
  }

  test("names every collection that is in the way, and what to do", async () => {
    await emptied();
    await target.db.collection("a").insertOne({ mine: true });
    await target.db.createCollection("b", { capped: true, size: 4096 });
    await target.db.createCollection("c=d");
    await target.db.collection("c=d").createIndex({ other: 1 });
    const { ending, text } = await refusal();
    expect(ending, text).toBe("restore-refused");
    expect(text).toMatch(/\.a holds documents.*--drop.*--rename/);
    expect(text).toMatch(/\.b is there already.* another kind/);
    expect(text).toMatch(/\.c=d is there already.* other indexes/);
    expect((await refusal({ isDryRun: true })).ending).toBe("restore-refused");
  });

  test("for names that no server takes, and one that differs from a database there in capitals alone", async () => {
    await emptied();
    await target.db.createCollection("there");
    const server = new URL(target.url);
    server.pathname = "/";
    const { db } = target;
    for (const [to, said] of [
      [`${name} `, "or a space"],
      [`${name}/x`, "or a space"],
      ["x".repeat(64), "longer than 63 bytes"],
      [db.databaseName.toUpperCase(), `${db.databaseName} differ in capitals alone`],
    ] as const) {
      const { ending, text } = await refusal({ renames: [`${name}=${to}`] }, { url: server.href });
      expect({ ending, text }).toMatchObject({ ending: "restore-refused" });
      expect(text).toContain(to.trim());
      expect(text).toContain(said);
      expect(text).toContain("--rename");
    }
    const dotted = await refusal({ renames: [`${name}.a=${name}.a$b`] }, { url: server.href });
    expect(dotted.ending, dotted.text).toBe("restore-refused");
    expect(dotted.text).toContain("has a $");
    const { ending, text } = await refusal({}, { url: `${server.href}a.b` });
    expect(ending, text).toBe("mongodb-url");
    expect(text).toContain("a.b");
  });

  test("for other options; an empty collection with the same ones is used", async () => {
    await emptied();
    await target.db.createCollection("a", { collation: { locale: "de" } });
    await target.db.createCollection("b");
    const { ending, text } = await refusal();
    expect(ending, text).toBe("restore-refused");
    expect(text).toMatch(/\.a is there already.* other options/);
    expect(text).not.toMatch(/\.b is there/);
    await target.db.dropCollection("a");
    await well(restored(archive, target.url));
    expect(await target.db.collection("b").countDocuments()).toBe(20);
  });

  test("but not with --drop and --yes, which replace what is in the way and nothing else", async () => {
    await emptied();
    await target.db.collection("a").insertOne({ mine: true });
    await target.db.createCollection("b", { viewOn: "a", pipeline: [] });
    await target.db.collection("bystander").insertOne({ mine: true });
    const dry = await refusal({ isDropping: true, isDryRun: true });
    expect(dry.ending, dry.text).toBe("well");
    expect(dry.text).toMatch(/dropped first: .*\.a, .*\.b\./);
    await well(restored(archive, target.url, { isDropping: true }));
    expect(await target.db.collection("a").find().toArray()).toHaveLength(20);
    expect(await target.db.collection("b").countDocuments()).toBe(20);
    expect(await target.db.collection("bystander").countDocuments()).toBe(1);
  });

  test("for an archive with a bit changed, before anything is written", async () => {
    await emptied();
    const copy = await copyOf(archive, place.path);
    const [namespace] = await namespacesOf(copy);
    const part = join(copy, namespace!.parts[0]!.file);
    const bytes = await readFile(part);
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(part, bytes);
    const { ending, text } = await refusal({}, { from: copy });
    expect(ending, text).toBe("file-hash");
    expect(text).toContain(namespace!.parts[0]!.file);
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });

  test("for an archive that is not there or not whole", async () => {
    expect((await refusal({}, { from: join(place.path, "nowhere") })).ending).toBe("archive-missing");
    const copy = await copyOf(archive, place.path);
    await writeFile(join(copy, "manifest.json"), "{}");
    expect((await refusal({}, { from: copy })).ending).toBe("format-foreign");
  });

  test("for a server that is not there, with its address and without the password", async () => {
    const url = "mongodb://someone:geheim123@127.0.0.1:1/db?serverSelectionTimeoutMS=500";
    const { ending, text } = await refusal({}, { url });
    expect(ending, text).toBe("mongodb-unreachable");
    expect(text).toContain("127.0.0.1:1");
  });

  test("for renames that are none, and for a selection that is empty", async () => {
    const wrong: readonly (readonly [Parameters<typeof restored>[2], string])[] = [
      [{ renames: [name] }, "db=db"],
      [{ renames: [`${name}=`] }, "db=db"],
      [{ renames: [`${name}=x.y`] }, "db=db"],
      [{ renames: [`${name}.a=x`] }, "db=db"],
      [{ renames: [`${name}.a=x.`] }, "db=db"],
      [{ renames: ["nobody=x"] }, "names nothing"],
      [{ renames: [`${name}.nothing=x.y`] }, "names nothing"],
      [{ include: ["no.such"] }, "no namespace that matches"],
      [{ include: [`${name}.a`, `${name}.aa`] }, `the nearest name is ${name}.a`],
    ];
    for (const [options, says] of wrong) {
      const { error, text } = await refusal(options);
      expect({ options, exitCode: error?.exitCode, text }).toEqual({
        options,
        exitCode: 2,
        text: expect.stringContaining(says) as string,
      });
    }
  });

  test("for two collections that would be one, and for names of the server's own or of ours", async () => {
    await emptied();
    const { databaseName } = target.db;
    for (const [to, says] of [
      [`${databaseName}.b`, "would both become"],
      ["admin.system.users", "the server's own"],
      ["config.transactions", "the server's own"],
      [`${databaseName}.system.js`, "the server's own"],
      [`${databaseName}.firebreak_ledger`, "of ours"],
    ] as const) {
      const { ending, text } = await refusal({ renames: [`${name}.a=${to}`] });
      expect({ to, ending, text }).toEqual({
        to,
        ending: "restore-refused",
        text: expect.stringContaining(says) as string,
      });
    }
  });

  test("for an unfinished restore of another archive, or of this one with other settings", async () => {
    await emptied();
    const head = { _id: "restore", manifestSha256: "0".repeat(64), settings: "{}", isFinished: false };
    const ledger = target.db.collection<{ _id: string }>("firebreak_ledger");
    await ledger.insertOne({ _id: { collection: "x" }, source: "x.x", state: "begun" } as never);
    await ledger.insertOne(head);
    const other = await refusal();
    expect(other.ending, other.text).toBe("restore-refused");
    expect(other.text).toContain("another archive");
    const manifestSha256 = /"?(\w{64})"?/.exec(await readFile(join(archive, "SHA256SUMS"), "utf8"))![1]!;
    await ledger.replaceOne({ _id: "restore" }, { ...head, manifestSha256 } as never);
    const changed = await refusal();
    expect(changed.ending, changed.text).toBe("restore-refused");
    expect(changed.text).toContain("other settings");
    expect((await refusal({ isDropping: true })).ending).toBe("restore-refused");
  });

  describe("by a lock", () => {
    const lock = { _id: "lock", owner: "another", pid: 4711, host: "elsewhere", home: "elsewhere" };

    async function locked(entry: object): Promise<void> {
      await emptied();
      await target.db.collection<{ _id: string }>("firebreak_ledger").insertOne(entry as never);
    }

    test("of a run elsewhere that is alive: it is named", async () => {
      await locked({ ...lock, heartbeatAt: new Date() });
      const { ending, text } = await refusal();
      expect(ending, text).toBe("lock-held");
      expect(text).toContain("process 4711 on elsewhere");
    });

    test("only while it is alive: without a heartbeat for 30 seconds it is taken over", async () => {
      await locked({ ...lock, heartbeatAt: new Date(Date.now() - 31_000) });
      await well(restored(archive, target.url));
      expect(await target.db.listCollections({ name: "firebreak_ledger" }).toArray()).toEqual([]);
    });

    test("of a living process of this machine, not of one that is gone", async () => {
      const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
      const { readlink } = await import("node:fs/promises");
      const home = `${hostname()} ${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
      const fresh = { ...lock, host: hostname(), home, heartbeatAt: new Date() };
      await locked({ ...fresh, pid: process.pid });
      expect((await refusal()).ending).toBe("lock-held");
      await locked({ ...fresh, pid: 2 ** 22 + 1 });
      await well(restored(archive, target.url));
    });
  });

  test("leaves an empty server empty: no ledger, no database", async () => {
    await emptied();
    const unwritable = join(place.path, "file");
    await writeFile(unwritable, "x");
    const { ending } = await refusal({ work: join(unwritable, "work") });
    expect(ending).toBe("disk-failed");
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });

  test("never writes into the archive", async () => {
    const files = await readdir(archive, { recursive: true });
    await emptied();
    await well(restored(archive, target.url));
    expect(await readdir(archive, { recursive: true })).toEqual(files);
  });

  describe("by a server with logins", () => {
    let server: Server;
    let root: MongoClient;
    beforeAll(async () => {
      server = await startMongod({ dir: join(place.path, "mongod"), extraArgs: ["--auth"] });
      const first = await MongoClient.connect(server.url);
      await first.db("admin").command({ createUser: "root", pwd: "geheim1", roles: ["root"] });
      await first.close();
      root = await MongoClient.connect(asUser(server.url, "root", "geheim1"));
      const roles = { reader: ["readAnyDatabase"], writer: ["readWrite"], owner: ["readWrite", "dbAdmin"] };
      for (const [user, names] of Object.entries(roles))
        await root.db("admin").command({
          createUser: user,
          pwd: "geheim2",
          roles: names.map((role) => ({ role, db: role === "readAnyDatabase" ? "admin" : "t" })),
        });
    });
    afterAll(async () => {
      await root?.close();
      await server?.kill();
    });

    const as = (user: string): string =>
      `${asUser(server.url, user, "geheim2").replace(/\/$/, "")}/t?authSource=admin`;

    test("for want of privileges: each that is missing is named, before anything is dropped", async () => {
      await root.db("t").collection("a").insertOne({ mine: true });
      for (const [user, missing] of [
        ["reader", "insert"],
        ["writer", "bypassDocumentValidation"],
      ] as const) {
        const ended = await restored(archive, as(user), { isDropping: true });
        expect({ user, ending: ended.ending }).toEqual({ user, ending: "restore-refused" });
        expect(ended.text).toContain(missing);
        expect(await root.db("t").collection("a").countDocuments()).toBe(1);
      }
    });

    test("but not for a user with readWrite and dbAdmin", async () => {
      await well(restored(archive, as("owner"), { isDropping: true }));
      expect(await root.db("t").collection("a").countDocuments()).toBe(20);
    });
  });
});
