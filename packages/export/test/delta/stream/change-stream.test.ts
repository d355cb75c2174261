import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Binary, Decimal128, Double, Int32, Long, MaxKey, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifestOf, runDelta } from "@firebreak/testing/deltas/run-delta";
import { identityOfPassphrase, readSourceManifest, type SourceManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start, type Ended } from "@firebreak/testing/command-line/firebreak";
import { cuttingProxy } from "@firebreak/testing/servers/cutting-proxy";
import { until } from "@firebreak/testing/servers/until";
import { documentBytes, RawValue, stringBytes } from "@firebreak/testing/documents/document-bytes";
import { insertBytes } from "@firebreak/testing/documents/insert-bytes";
import { plainState, chainState, stateOf } from "@firebreak/testing/deltas/chain-state";

const { isLacking, why } = lacking("mongodb");
/** `pnpm soak` asks for more. */
const KILL_COUNT = Number(process.env["FIREBREAK_KILLS"] ?? 2);

describe.skipIf(isLacking)(`a delta by change stream${why}`, () => {
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let db: Db;
  let linkCount = 0;
  beforeAll(async () => {
    source = await mongodbDatabase(ownName("stream"));
    place = await folder();
    ({ db } = source);
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const newArchive = (): string => join(place.path, `link${linkCount++}`);
  const run = (...args: string[]): Promise<Ended> =>
    firebreak(["export", ...args], { mongodbUrl: source.url });
  async function full(...args: string[]): Promise<string> {
    await db.dropDatabase();
    await db
      .collection("c")
      .insertMany([{ _id: 1 as never }, { _id: 2 as never, v: 1 }, { _id: 3 as never }]);
    const archive = newArchive();
    await mustEndWell(["export", "--archive", archive, ...args], { mongodbUrl: source.url });
    return archive;
  }
  async function delta(from: string): Promise<{ archive: string; manifest: SourceManifest }> {
    const archive = newArchive();
    await runDelta({
      source: { kind: "mongodb", url: source.url },
      archive,
      deltaFrom: from,
      isByComparison: false,
    });
    return { archive, manifest: await manifestOf(archive) };
  }
  async function expectSame(archive: string): Promise<void> {
    expect(plainState(await chainState(archive))).toEqual(plainState(await stateOf(db)));
  }
  const changesOf = ({ namespaces }: SourceManifest): Record<string, unknown> =>
    Object.fromEntries(namespaces.map((n) => [n.collection, n.change]));

  test("lists what changed alone, each key once as it is at the end, and says of which moment it is", async () => {
    const base = await full();
    await db.collection("quiet").insertOne({ _id: 1 as never });
    const first = await delta(base);
    await db.collection<{ _id: number; v?: number }>("c").insertMany([{ _id: 4 }, { _id: 5 }]);
    await db.collection<{ _id: number; v?: number }>("c").updateOne({ _id: 2 }, { $set: { v: 2 } });
    await db.collection<{ _id: number; v?: number }>("c").updateOne({ _id: 2 }, { $set: { v: 3 } });
    await db.collection<{ _id: number }>("c").deleteMany({ _id: { $in: [1, 5] } });
    const { archive, manifest } = await delta(first.archive);
    const { sha256 } = await readSourceManifest(first.archive);
    expect(manifest).toMatchObject({
      formatVersion: 2,
      consistency: "snapshot",
      delta: { number: 2, by: "change-stream", baseSha256: sha256 },
      namespaces: [{ collection: "c", change: "changed", lineCount: 2, deletes: [{ lineCount: 2 }] }],
    });
    await expectSame(archive);
  });

  test("of a source that did not change is an empty link, and that is said", async () => {
    const base = await full();
    const archive = newArchive();
    const { exitCode, output } = await run("--archive", archive, "--delta-from", base);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
    expect(output).toContain("Nothing changed");
    expect((await readSourceManifest(archive)).manifest.namespaces).toEqual([]);
    await db.collection("c").insertOne({});
    await expectSame((await delta(archive)).archive);
  });

  test("has what was dropped, renamed, created, capped, a view or a time series, and other definitions", async () => {
    await db.dropDatabase();
    const names = ["drop", "rename", "replaced", "again", "out", "indexed", "ruled", "emptied"];
    for (const name of names) await db.collection(name).insertMany([{ v: name }, { v: 2 }]);
    for (const name of ["capped", "cappedQuiet"]) {
      await db.createCollection(name, { capped: true, size: 4096 });
      await db.collection(name).insertMany([{ n: 1 }, { n: 2 }]);
    }
    for (const name of ["series", "seriesQuiet"]) {
      await db.createCollection(name, { timeseries: { timeField: "t" } });
      await db.collection(name).insertOne({ t: new Date(0), v: 1 });
    }
    for (const name of ["view", "viewQuiet", "viewGone"])
      await db.createCollection(name, { viewOn: "indexed", pipeline: [] });
    const base = newArchive();
    await mustEndWell(["export", "--archive", base], { mongodbUrl: source.url });
    await db.collection("drop").drop();
    await db.collection("rename").rename("renamed");
    await db.collection("out").rename("replaced", { dropTarget: true });
    await db.collection("again").drop();
    await db.collection("again").insertOne({ v: "new" });
    await db.collection("indexed").createIndex({ v: 1 });
    await db.command({ collMod: "ruled", validator: { v: { $exists: true } } });
    await db.collection("emptied").deleteMany({});
    await db.collection("fresh").insertOne({ v: "fresh" });
    for (let n = 0; n < 100; n++) await db.collection("capped").insertOne({ n });
    await db.collection("series").insertOne({ t: new Date(1e12), v: 2 });
    await db.command({ collMod: "view", viewOn: "ruled", pipeline: [] });
    await db.dropCollection("viewGone");
    const { archive, manifest } = await delta(base);
    expect(changesOf(manifest)).toEqual({
      drop: "dropped",
      rename: "dropped",
      renamed: "whole",
      out: "dropped",
      replaced: "whole",
      again: "whole",
      indexed: "changed",
      ruled: "changed",
      emptied: "changed",
      fresh: "whole",
      capped: "whole",
      series: "whole",
      view: "changed",
      viewGone: "dropped",
    });
    expect(manifest.namespaces.find((n) => n.collection === "indexed")).toMatchObject({ parts: [] });
    await expectSame(archive);
    await db.dropDatabase();
    await db.collection("fresh").insertOne({ v: "after" });
    await expectSame((await delta(archive)).archive);
  });

  test("keeps keys as they are, also those that drivers change, and finds those that the server takes for equal", async () => {
    await db.dropDatabase();
    const keys = [
      new Int32(1),
      new Long(1n << 60n),
      new Double(2.5),
      Decimal128.fromString("1E+3"),
      null,
      true,
      new Date(5),
      new Binary(Buffer.from([1, 2]), 4),
      new MaxKey(),
      { b: 1, a: { numberInt: "1" } },
      "é",
    ];
    const odd = [
      documentBytes([
        [
          "_id",
          new Map([
            ["b", 1],
            ["1", 2],
          ]),
        ],
        ["v", 1],
      ]),
      documentBytes([
        [
          "_id",
          new Map([
            ["z", 1],
            ["0", 2],
          ]),
        ],
        ["v", 1],
      ]),
    ];
    const unsayable = [
      documentBytes([
        ["_id", new RawValue(2, stringBytes(Buffer.from([0x61, 0xff])))],
        ["v", 1],
      ]),
      documentBytes([
        [
          "_id",
          new RawValue(
            3,
            documentBytes([
              ["a", 1],
              ["a", 2],
            ]),
          ),
        ],
        ["v", 1],
      ]),
    ];
    for (const _id of keys)
      await db.collection("keys").insertOne({ _id: _id as never, v: 1 }, { forceServerObjectId: true });
    await insertBytes(urlOf("mongodb"), db.databaseName, "keys", odd);
    await insertBytes(urlOf("mongodb"), db.databaseName, "bytes", [unsayable[0]!]);
    await db.createCollection("caseless", { collation: { locale: "en", strength: 2 } });
    await db.collection("caseless").insertMany([{ _id: "a" as never }, { _id: "b" as never }]);
    const base = newArchive();
    await mustEndWell(["export", "--archive", base], { mongodbUrl: source.url });
    await db.collection("keys").updateMany({}, { $inc: { v: 1 } });
    // The same document to the server, with another key to a chain.
    await db.collection("keys").replaceOne({ _id: 1 as never }, { _id: new Double(1) as never, v: 9 });
    await db.collection("keys").deleteOne({ _id: 2.5 as never });
    await db.collection("caseless").deleteOne({ _id: "a" as never });
    await db.collection("caseless").insertOne({ _id: "A" as never });
    await insertBytes(urlOf("mongodb"), db.databaseName, "bytes", [unsayable[1]!]);
    const { archive, manifest } = await delta(base);
    expect(changesOf(manifest)).toEqual({ keys: "changed", caseless: "changed", bytes: "whole" });
    await expectSame(archive);
    const lines = (await chainState(archive)).get(`${db.databaseName}.keys`)!.lines;
    expect([...lines.keys()]).toContain('{"_id":{"$numberDouble":"1.0"}}');
    expect([...lines.keys()]).not.toContain('{"_id":{"$numberInt":"1"}}');
  });

  test("says which deletes a TTL index most likely did", async () => {
    await db.dropDatabase();
    const c = db.collection<{ _id: string; at?: unknown; b?: unknown }>("ttl");
    for (const key of ["at", "b.at"]) await c.createIndex({ [key]: 1 }, { expireAfterSeconds: 1_000_000 });
    const past = new Date(Date.now() - 999_000);
    const future = new Date(Date.now() + 3_600_000);
    await c.insertMany([
      { _id: "due", at: past },
      { _id: "in an array", at: [future, past] },
      { _id: "nested", b: [{ at: future }, { at: past }] },
      { _id: "later", at: future },
      { _id: "no date", at: 5 },
      { _id: "put off", at: past },
      { _id: "stays", at: future },
    ]);
    const base = newArchive();
    await mustEndWell(["export", "--archive", base], { mongodbUrl: source.url });
    await c.updateOne({ _id: "put off" }, { $set: { at: future } });
    const first = await delta(base);
    // Whether the server is quicker or the test: gone is gone.
    for (const key of ["at", "b.at"])
      await db.command({ collMod: "ttl", index: { keyPattern: { [key]: 1 }, expireAfterSeconds: 998 } });
    await c.deleteMany({ _id: { $ne: "stays" } });
    const { archive, manifest } = await delta(first.archive);
    const [{ deletes, expired }] = manifest.namespaces as [SourceManifest["namespaces"][number]];
    expect({ deletes: deletes?.[0]?.lineCount, expired: expired?.[0]?.lineCount }).toEqual({
      deletes: 3,
      expired: 3,
    });
    await expectSame(archive);
  });

  test("of one database goes over a network that cuts connections, and for the whole server", async () => {
    const base = await full();
    await db
      .collection("c")
      .insertMany(Array.from({ length: 4000 }, (_, v) => ({ v, text: "x".repeat(500) })));
    const { port, pathname } = new URL(source.url);
    await using proxy = await cuttingProxy(Number(port));
    proxy.limitBytes = 1_000_000;
    const archive = newArchive();
    const mongodbUrl = `mongodb://127.0.0.1:${proxy.port}${pathname}?directConnection=true&serverSelectionTimeoutMS=500`;
    await mustEndWell(["export", "--archive", archive, "--delta-from", base], { mongodbUrl });
    expect(proxy.cutCount).toBeGreaterThan(1);
    await expectSame(archive);
    // The stream of all databases.
    const only = ["--include", `${db.databaseName}.*`];
    const ofServer = newArchive();
    await mustEndWell(["export", "--archive", ofServer, ...only], { mongodbUrl: urlOf("mongodb") });
    await db.collection("c").deleteMany({ v: { $lt: 10 } });
    const next = newArchive();
    await mustEndWell(["export", "--archive", next, "--delta-from", ofServer], {
      mongodbUrl: urlOf("mongodb"),
    });
    await expectSame(next);
  });

  test(`killed ${KILL_COUNT} times and run again begins again, and is whole`, async () => {
    const base = await full();
    await db
      .collection("c")
      .insertMany(Array.from({ length: 10_000 }, (_, v) => ({ v, text: "x".repeat(100) })));
    const archive = newArchive();
    const args = ["export", "--archive", archive, "--delta-from", base];
    for (let kill = 0; kill < KILL_COUNT; kill++) {
      const cut = start(args, { mongodbUrl: source.url });
      const atLeast = Math.floor((kill * 4) / KILL_COUNT);
      await until("files of a delta", async () => {
        const files = await readdir(archive, { recursive: true }).catch((): string[] => []);
        return files.includes("delta-export.partial") && files.length > 2 + atLeast;
      });
      cut.kill("SIGKILL");
      await cut;
      await expect(readFile(join(archive, "manifest.json"))).rejects.toThrow("ENOENT");
    }
    const { output } = await mustEndWell(args, { mongodbUrl: source.url });
    expect(output).toContain("begins again");
    await expectSame(archive);
    expect(await readdir(archive)).not.toContain("delta-export.partial");
    const again = await run("--archive", archive, "--delta-from", base);
    expect(again).toMatchObject({ exitCode: 6 });
    expect(again.output).toContain("finished archive");
  });

  test("of an encrypted chain is encrypted as that is, and opens with the same passphrase", async () => {
    const passphrase = join(place.path, "passphrase");
    await writeFile(passphrase, "winter");
    const protection = ["--passphrase-file", passphrase];
    const base = await full(...protection);
    await db.collection("c").insertOne({ _id: 9 as never });
    const withoutKey = await run("--archive", newArchive(), "--delta-from", base);
    expect(withoutKey).toMatchObject({ exitCode: 5 });
    const archive = newArchive();
    await mustEndWell(["export", "--archive", archive, "--delta-from", base, ...protection], {
      mongodbUrl: source.url,
    });
    const text = await readFile(join(archive, "manifest.json"), "utf8");
    expect(text).not.toContain(db.databaseName);
    const { identity } = await identityOfPassphrase(archive, passphrase, false);
    expect(plainState(await chainState(archive, [identity]))).toEqual(plainState(await stateOf(db)));
  });

  test("is refused where it would not go on from the chain, and each refusal names the remedy", async () => {
    const base = await full();
    const manifest = await readFile(join(base, "manifest.json"), "utf8");
    const withWatermark = async (watermark: string): Promise<string> => {
      await writeFile(
        join(base, "manifest.json"),
        manifest.replace(/"watermark": "[^"]*"/, `"watermark": "${watermark}"`),
      );
      return base;
    };
    const refusal = async (from: string, ...args: string[]): Promise<string> => {
      const archive = newArchive();
      const { exitCode, output } = await run("--archive", archive, "--delta-from", from, ...args);
      expect({ output, exitCode }).toEqual({ output, exitCode: 6 });
      await expect(readFile(join(archive, "manifest.json"))).rejects.toThrow("ENOENT");
      return output;
    };
    expect(await refusal(base, "--part-mib", "1")).toContain("--part-mib");
    expect(await refusal(base, "--include", "*.c")).toContain("--include");
    expect(await refusal(await withWatermark("4000000000,1"))).toContain("another server");
    expect(await refusal(await withWatermark("1000000000,1"))).toContain("--by-comparison");
    await writeFile(join(base, "manifest.json"), manifest);
    const other = await firebreak(["export", "--archive", newArchive(), "--delta-from", base], {
      mongodbUrl: urlOf("mongodb", `${db.databaseName}_other`),
    });
    expect(other).toMatchObject({ exitCode: 6 });
    expect(other.output).toContain("would be lost");
    const kind = await firebreak(
      ["export", "--archive", newArchive(), "--delta-from", base, "--source", "mysql"],
      {
        mysqlUrl: "mysql://root@127.0.0.1:1",
      },
    );
    expect(kind).toMatchObject({ exitCode: 6 });
    expect(await run("--archive", newArchive(), "--by-comparison")).toMatchObject({ exitCode: 2 });
  });
});
