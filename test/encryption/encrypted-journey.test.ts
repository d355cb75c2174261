import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "mongodb";
import { describe, expect, test } from "vitest";
import { chatLog, fillCollection } from "../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  journeyServers,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

for (const server of journeyServers("mysql")) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`an encrypted archive from MongoDB to ${server}${why}`, () => {
    test("goes through the four steps with its key, is compared row by row, and restored", async () => {
      const name = ownName("secret");
      await using place = await folder();
      await using source = await mongodbDatabase(name);
      await using target = await sqlDatabase(server, name);
      for (const [collection, documents] of Object.entries(chatLog({ seed: 4, messageCount: 500 })))
        await fillCollection(source.db.collection(collection), documents as Iterable<Document>);
      const [archive, passphrase] = [join(place.path, "archive"), join(place.path, "passphrase")];
      await writeFile(passphrase, "a passphrase of several words");
      const key = ["--archive", archive, "--passphrase-file", passphrase];
      const urls = { mongodbUrl: source.url, mysqlUrl: target.url };
      await mustEndWell(["export", ...key], urls);
      await mustEndWell(["load", ...key], urls);
      await mustEndWell(["checksum", ...key], urls);
      const [table] = (await target.tables()).filter((t) => t.includes("messages"));
      await target.connection.query(`DELETE FROM \`${table}\` LIMIT 1`);
      const differs = await firebreak(["checksum", ...key], urls);
      expect(differs).toMatchObject({ exitCode: 4, output: expect.stringContaining("missing") as string });
      const refused = await firebreak(["load", "--archive", archive], urls);
      expect(refused.exitCode).toBe(5);
      await source.db.dropDatabase();
      await mustEndWell(["restore", ...key], urls);
      expect(await source.db.collection("messages").countDocuments()).toBe(500);
    });
  });
}

for (const server of journeyServers("mariadb")) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`an encrypted archive from ${server} to MongoDB${why}`, () => {
    test("goes there with its key, and nothing that is made of it says a name", async () => {
      await using place = await folder();
      await using source = await sqlDatabase(server, ownName("secretsql"));
      await using target = await mongodbDatabase(ownName("secretsql"));
      await source.connection.query("CREATE TABLE confidential (id INT PRIMARY KEY, hushed VARCHAR(20))");
      await source.connection.query("INSERT INTO confidential VALUES (1, 'whispered'), (2, NULL)");
      const [archive, passphrase] = [join(place.path, "archive"), join(place.path, "passphrase")];
      await writeFile(passphrase, "a passphrase of several words");
      const key = ["--archive", archive, "--passphrase-file", passphrase];
      const urls = { mongodbUrl: target.url, mysqlUrl: source.url };
      await mustEndWell(["export", "--source", "mysql", "--include", `${source.name}.*`, ...key], urls);
      await mustEndWell(["transform", ...key]);
      await mustEndWell(["verify", ...key]);
      await mustEndWell(["verify", "--depth", "files", "--archive", archive]);
      await mustEndWell(["load", ...key], urls);
      await mustEndWell(["checksum", "--against", "mongodb", ...key], urls);
      expect(await target.db.collection("confidential").find().sort({ _id: 1 }).toArray()).toEqual([
        { _id: 1, hushed: "whispered" },
        { _id: 2, hushed: null },
      ]);
      for (const file of await readdir(archive, { recursive: true, withFileTypes: true })) {
        expect(file.name).not.toMatch(/confidential/);
        if (!file.isFile()) continue;
        const content = await readFile(join(file.parentPath, file.name), "latin1");
        expect(content, file.name).not.toMatch(/confidential|hushed|whispered/);
      }
    });
  });
}

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`an export into a folder where another is at work${why}`, () => {
  test("is refused, and so is a transform beside a transform", async () => {
    await using place = await folder();
    await using source = await mongodbDatabase(ownName("twice"));
    await fillCollection(source.db.collection("c"), [{ _id: 1 }]);
    const archive = join(place.path, "archive");
    const holder = JSON.stringify({ host: "another-host", pid: 4711 });
    await mkdir(archive);
    await writeFile(join(archive, "export.lock"), holder);
    const run = { mongodbUrl: source.url };
    const second = await firebreak(["export", "--archive", archive], run);
    expect(second).toMatchObject({
      exitCode: 6,
      output: expect.stringContaining("4711 on another-host") as string,
    });
    await rm(join(archive, "export.lock"));
    await mustEndWell(["export", "--archive", archive], run);
    await mkdir(join(archive, "mysql"));
    await writeFile(join(archive, "mysql", "transform.lock"), holder);
    expect((await firebreak(["transform", "--archive", archive])).exitCode).toBe(6);
    await rm(join(archive, "mysql", "transform.lock"));
    await mustEndWell(["transform", "--archive", archive]);
    await mustEndWell(["verify", "--archive", archive]);
  });
});

describe.skipIf(isLacking)(`a collection that is dropped between two runs of an export${why}`, () => {
  test("stays in the archive as far as it was read, and that is said", async () => {
    await using place = await folder();
    await using source = await mongodbDatabase(ownName("gone"));
    await fillCollection(source.db.collection("kept"), [{ _id: 1 }]);
    await fillCollection(source.db.collection("gone"), [{ _id: 1 }, { _id: 2 }]);
    const archive = join(place.path, "archive");
    const run = { mongodbUrl: source.url };
    await mustEndWell(["export", "--archive", archive], run);
    // What a run leaves that was killed just before it could write its manifest.
    const manifest = JSON.parse(await readFile(join(archive, "manifest.json"), "utf8")) as Manifest;
    await rm(join(archive, "manifest.json"));
    await rm(join(archive, "SHA256SUMS"));
    await writeFile(join(archive, "export-progress.ndjson"), progressOf(manifest));
    await source.db.dropCollection("gone");
    const { exitCode, output } = await firebreak(["export", "--archive", archive], run);
    expect(exitCode, output).toBe(3);
    expect(output).toMatch(/gone is no longer at the source.* 2 documents/);
    const again = JSON.parse(await readFile(join(archive, "manifest.json"), "utf8")) as Manifest;
    expect(again.namespaces).toEqual(manifest.namespaces);
    await mustEndWell(["verify", "--archive", archive]);
  });
});

interface Manifest {
  readonly namespaces: readonly {
    readonly namespace: string;
    readonly documentCount: number;
    readonly parts: unknown;
  }[];
}

/** The progress that an export with default settings keeps of these namespaces. */
function progressOf({ namespaces }: Manifest): string {
  const settings = {
    include: [],
    exclude: [],
    partMib: 64,
    recipients: [],
    hasPassphrase: false,
    hasClearNames: false,
    source: "mongodb",
  };
  const ranges = { rangeDocuments: 100, averageBytes: 22 };
  return [
    { kind: "begin", settings, startedAt: new Date().toISOString() },
    ...namespaces.flatMap(({ namespace, documentCount, parts, ...rest }) => [
      { kind: "collection", plan: { namespace, ...rest, ranges } },
      { kind: "planned", namespace, range: { index: 0, order: "_id" } },
      { kind: "finished", range: { namespace, index: 0, documentCount, parts } },
    ]),
  ]
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join("");
}
