import { readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../scripts/servers/mongod.ts";
import type { Server } from "../../../scripts/servers/server.ts";
import { MongoClient } from "mongodb";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { asUser, lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";
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
    args: readonly string[] = [],
    { from = archive, url = target.url }: { from?: string; url?: string } = {},
  ): Promise<Ended> {
    const before = await contentOf(target.db);
    const ended = await firebreak(["restore", "--archive", from, ...args], { mongodbUrl: url });
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
    const { exitCode, stderr } = await refusal();
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(/\.a holds documents.*--drop.*--rename/);
    expect(stderr).toMatch(/\.b is there already.* another kind/);
    expect(stderr).toMatch(/\.c=d is there already.* other indexes/);
    expect((await refusal(["--dry-run"])).exitCode).toBe(6);
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
      const { exitCode, stderr } = await refusal(["--rename", `${name}=${to}`], { url: server.href });
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 6 });
      expect(stderr).toContain(to.trim());
      expect(stderr).toContain(said);
      expect(stderr).toContain("--rename");
    }
    const dotted = await refusal(["--rename", `${name}.a=${name}.a$b`], { url: server.href });
    expect(dotted.exitCode, dotted.stderr).toBe(6);
    expect(dotted.stderr).toContain("has a $");
    const { exitCode, stderr } = await refusal([], { url: `${server.href}a.b` });
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain("a.b");
  });

  test("for other options; an empty collection with the same ones is used", async () => {
    await emptied();
    await target.db.createCollection("a", { collation: { locale: "de" } });
    await target.db.createCollection("b");
    const { exitCode, stderr } = await refusal();
    expect(exitCode).toBe(6);
    expect(stderr).toMatch(/\.a is there already.* other options/);
    expect(stderr).not.toMatch(/\.b is there/);
    await target.db.dropCollection("a");
    await mustEndWell(["restore", "--archive", archive], { mongodbUrl: target.url });
    expect(await target.db.collection("b").countDocuments()).toBe(20);
  });

  test("for want of a terminal to ask on: --drop needs --yes then", async () => {
    await emptied();
    await target.db.collection("a").insertOne({ mine: true });
    const { exitCode, stderr } = await refusal(["--drop"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--yes");
  });

  test("but not with --drop and --yes, which replace what is in the way and nothing else", async () => {
    await emptied();
    await target.db.collection("a").insertOne({ mine: true });
    await target.db.createCollection("b", { viewOn: "a", pipeline: [] });
    await target.db.collection("bystander").insertOne({ mine: true });
    const dry = await refusal(["--drop", "--dry-run"]);
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(/dropped first: .*\.a, .*\.b\./);
    await mustEndWell(["restore", "--archive", archive, "--drop", "--yes"], { mongodbUrl: target.url });
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
    const { exitCode, stderr } = await refusal([], { from: copy });
    expect(exitCode).toBe(5);
    expect(stderr).toContain(namespace!.parts[0]!.file);
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });

  test("for an archive that is not there or not whole", async () => {
    expect((await refusal([], { from: join(place.path, "nowhere") })).exitCode).toBe(5);
    const copy = await copyOf(archive, place.path);
    await writeFile(join(copy, "manifest.json"), "{}");
    expect((await refusal([], { from: copy })).exitCode).toBe(5);
  });

  test("for a server that is not there, with its address and without the password", async () => {
    const url = "mongodb://someone:geheim123@127.0.0.1:1/db?serverSelectionTimeoutMS=500";
    const { exitCode, stderr } = await refusal([], { url });
    expect(exitCode).toBe(7);
    expect(stderr).toContain("127.0.0.1:1");
  });

  test("for renames that are none, and for a selection that is empty", async () => {
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [["--rename", name], "db=db"],
      [["--rename", `${name}=`], "db=db"],
      [["--rename", `${name}=x.y`], "db=db"],
      [["--rename", `${name}.a=x`], "db=db"],
      [["--rename", `${name}.a=x.`], "db=db"],
      [["--rename", "nobody=x"], "names nothing"],
      [["--rename", `${name}.nothing=x.y`], "names nothing"],
      [["--include", "no.such"], "no namespace that matches"],
      [["--include", `${name}.a`, "--include", `${name}.aa`], `the nearest name is ${name}.a`],
    ];
    for (const [args, says] of wrong) {
      const { exitCode, stderr } = await refusal(args);
      expect({ args, exitCode, stderr }).toEqual({
        args,
        exitCode: 2,
        stderr: expect.stringContaining(says) as string,
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
      const { exitCode, stderr } = await refusal(["--rename", `${name}.a=${to}`]);
      expect({ to, exitCode, stderr }).toEqual({
        to,
        exitCode: 6,
        stderr: expect.stringContaining(says) as string,
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
    expect(other.exitCode).toBe(6);
    expect(other.stderr).toContain("another archive");
    const manifestSha256 = /"?(\w{64})"?/.exec(await readFile(join(archive, "SHA256SUMS"), "utf8"))![1]!;
    await ledger.replaceOne({ _id: "restore" }, { ...head, manifestSha256 } as never);
    const changed = await refusal();
    expect(changed.exitCode).toBe(6);
    expect(changed.stderr).toContain("other settings");
    expect((await refusal(["--drop", "--yes"])).exitCode).toBe(6);
  });

  describe("by a lock", () => {
    const lock = { _id: "lock", owner: "another", pid: 4711, host: "elsewhere", home: "elsewhere" };

    async function locked(entry: object): Promise<void> {
      await emptied();
      await target.db.collection<{ _id: string }>("firebreak_ledger").insertOne(entry as never);
    }

    test("of a run elsewhere that is alive: it is named", async () => {
      await locked({ ...lock, heartbeatAt: new Date() });
      const { exitCode, stderr } = await refusal();
      expect(exitCode).toBe(6);
      expect(stderr).toContain("process 4711 on elsewhere");
    });

    test("only while it is alive: without a heartbeat for 30 seconds it is taken over", async () => {
      await locked({ ...lock, heartbeatAt: new Date(Date.now() - 31_000) });
      await mustEndWell(["restore", "--archive", archive], { mongodbUrl: target.url });
      expect(await target.db.listCollections({ name: "firebreak_ledger" }).toArray()).toEqual([]);
    });

    test("of a living process of this machine, not of one that is gone", async () => {
      const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
      const { readlink } = await import("node:fs/promises");
      const home = `${hostname()} ${boot.trim()} ${await readlink("/proc/self/ns/pid")}`;
      const fresh = { ...lock, host: hostname(), home, heartbeatAt: new Date() };
      await locked({ ...fresh, pid: process.pid });
      expect((await refusal()).exitCode).toBe(6);
      await locked({ ...fresh, pid: 2 ** 22 + 1 });
      await mustEndWell(["restore", "--archive", archive], { mongodbUrl: target.url });
    });
  });

  test("leaves an empty server empty: no ledger, no database", async () => {
    await emptied();
    const unwritable = join(place.path, "file");
    await writeFile(unwritable, "x");
    const { exitCode } = await refusal(["--work", join(unwritable, "work")]);
    expect(exitCode).toBe(7);
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });

  test("never writes into the archive", async () => {
    const files = await readdir(archive, { recursive: true });
    await emptied();
    await mustEndWell(["restore", "--archive", archive], { mongodbUrl: target.url });
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
        const ended = await firebreak(["restore", "--archive", archive, "--drop", "--yes"], {
          mongodbUrl: as(user),
        });
        expect({ user, exitCode: ended.exitCode }).toEqual({ user, exitCode: 6 });
        expect(ended.stderr).toContain(missing);
        expect(await root.db("t").collection("a").countDocuments()).toBe(1);
      }
    });

    test("but not for a user with readWrite and dbAdmin", async () => {
      await mustEndWell(["restore", "--archive", archive, "--drop", "--yes"], { mongodbUrl: as("owner") });
      expect(await root.db("t").collection("a").countDocuments()).toBe(20);
    });
  });
});
