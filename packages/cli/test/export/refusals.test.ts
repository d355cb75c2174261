import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../scripts/servers/mongod.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, type Ended } from "@firebreak/testing/command-line/firebreak";

test("a server that is not there ends with 7, its address and a remedy", async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  const { exitCode, stderr } = await firebreak(["export", "--archive", archive], {
    mongodbUrl: "mongodb://someone:geheim123@127.0.0.1:1/db?serverSelectionTimeoutMS=500",
  });
  expect(exitCode).toBe(7);
  expect(stderr).toContain("127.0.0.1:1");
  expect(stderr).toContain("goes on where it stopped");
});

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`an export that is refused${why}`, () => {
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    source = await mongodbDatabase(ownName("refused"));
    place = await folder();
    await source.db.collection("c").insertOne({ a: 1 });
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test("leaves a finished archive as it is", async () => {
    const archive = join(place.path, "finished");
    await mustEndWell(["export", "--archive", archive], { mongodbUrl: source.url });
    const before = await readdir(archive, { recursive: true });
    const { exitCode, output } = await firebreak(["export", "--archive", archive], {
      mongodbUrl: source.url,
    });
    expect(exitCode).toBe(6);
    expect(output).toContain("finished archive already");
    expect(await readdir(archive, { recursive: true })).toEqual(before);
  });

  test("leaves a folder with somebody's files as it is, and names one of them", async () => {
    const archive = join(place.path, "foreign");
    await mkdir(archive);
    await writeFile(join(archive, "holiday.jpg"), "x");
    const { exitCode, output } = await firebreak(["export", "--archive", archive], {
      mongodbUrl: source.url,
    });
    expect(exitCode).toBe(6);
    expect(output).toContain("holiday.jpg");
    expect(await readdir(archive)).toEqual(["holiday.jpg"]);
  });

  test("takes no file for a folder", async () => {
    const archive = join(place.path, "a-file");
    await writeFile(archive, "x");
    const { exitCode, output } = await firebreak(["export", "--archive", archive], {
      mongodbUrl: source.url,
    });
    expect([6, 7]).toContain(exitCode);
    expect(output).toContain("a-file");
  });

  test("makes no archive where nothing matches", async () => {
    const archive = join(place.path, "nothing");
    const { exitCode } = await firebreak(["export", "--archive", archive, "--include", "no.such"], {
      mongodbUrl: source.url,
    });
    expect(exitCode).toBe(2);
    await expect(readdir(archive)).rejects.toThrow("ENOENT");
  });

  test("refuses a pattern that matches nothing though another one does, and names what is nearest", async () => {
    const archive = join(place.path, "misspelt");
    const { databaseName } = source.db;
    await source.db.collection("orders").insertOne({ a: 1 });
    const include = ["--include", `${databaseName}.*`, "--include", `${databaseName}.odrers`];
    const ended = await firebreak(["export", "--archive", archive, ...include], { mongodbUrl: source.url });
    expect(ended.exitCode, ended.output).toBe(2);
    expect(ended.stderr).toContain(`--include ${databaseName}.odrers matches nothing`);
    expect(ended.stderr).toContain(`the nearest name is ${databaseName}.orders`);
    await expect(readdir(archive)).rejects.toThrow("ENOENT");
    // A name that --exclude removes again is not misspelt.
    const excluded = [...include.slice(0, 2), "--include", `${databaseName}.orders`];
    await mustEndWell(["export", "--archive", archive, ...excluded, "--exclude", `${databaseName}.orders`], {
      mongodbUrl: source.url,
    });
  });

  test("says that a collection with the ledger's name is left out", async () => {
    const archive = join(place.path, "ledger");
    await source.db.collection("firebreak_ledger").insertOne({ mine: true });
    const { stdout } = await mustEndWell(["export", "--archive", archive], { mongodbUrl: source.url });
    expect(stdout).toContain(`${source.db.databaseName}.firebreak_ledger`);
    await source.db.collection("firebreak_ledger").drop();
  });

  test("a part size that is no size is a question of usage", async () => {
    for (const size of ["0", "-1", "many"]) {
      const archive = join(place.path, `size${size}`);
      const { exitCode } = await firebreak(["export", "--archive", archive, `--part-mib=${size}`], {
        mongodbUrl: source.url,
      });
      expect({ size, exitCode }).toEqual({ size, exitCode: 2 });
    }
  });

  describe("by a server with logins", () => {
    let server: Server;
    beforeAll(async () => {
      server = await startMongod({ dir: join(place.path, "mongod"), extraArgs: ["--auth"] });
    });
    afterAll(() => server.kill());

    async function refusal(mongodbUrl: string): Promise<Ended> {
      const archive = join(place.path, "login");
      const ended = await firebreak(["export", "--archive", archive], { mongodbUrl });
      await expect(readdir(archive)).rejects.toThrow("ENOENT");
      return ended;
    }

    test("for a wrong password ends with 6, and the password is not printed", async () => {
      const url = server.url.replace("://", "://root:geheim123@");
      const { exitCode, stderr } = await refusal(`${url}/db?authSource=admin`);
      expect(exitCode).toBe(6);
      expect(stderr).toContain("refused the login");
    });

    test("for want of a login ends with 6, and says that it is about permission", async () => {
      for (const database of ["", "/db"]) {
        const { exitCode, stderr } = await refusal(`${server.url}${database}`);
        expect({ database, exitCode }).toEqual({ database, exitCode: 6 });
        expect(stderr).toContain("does not allow");
      }
    });
  });
});

test("an export of a MySQL is refused with a dump's flag", async () => {
  const { exitCode } = await firebreak(
    ["export", "--source", "mysql", "--archive", "/no/such", "--dump", "/nowhere"],
    { mysqlUrl: "mysql://root@127.0.0.1:1/x" },
  );
  expect(exitCode).toBe(2);
});
