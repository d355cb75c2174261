import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { BSON, Int32, Timestamp, type Document } from "bson";
import { MongoClient, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { archiveBytes, archivePieces } from "@firebreak/testing/dumps/archive-bytes";
import type { ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { writeDump } from "@firebreak/testing/dumps/small-dump";
import { documentOfLine } from "@firebreak/testing/documents/document-of-line";

const DOCUMENTS = 400;
const name = ownName("dump_oplog");

/** Changes of all kinds, the same each time; `n` counts them. */
async function change(db: Db, n: number): Promise<void> {
  const goods = db.collection<{ _id: number | string }>("goods");
  const id = (n * 37) % DOCUMENTS;
  switch (n % 8) {
    case 0:
      await goods.updateOne({ _id: id }, { $set: { "a.b": n, [`f${n % 5}`]: "text" }, $inc: { count: 1 } });
      return;
    case 1:
      await goods.deleteOne({ _id: id });
      return;
    case 2:
      await goods.insertMany([{ _id: DOCUMENTS + n }, { _id: `key ${n} ${"long ".repeat(20)}` }]);
      return;
    case 3:
      await goods.replaceOne({ _id: id }, { replaced: n, list: [1, 2, 3] }, { upsert: true });
      return;
    case 4:
      await goods.updateOne(
        { _id: id },
        { $push: { list: { $each: [n], $slice: -3 } }, $unset: { text: "" } },
      );
      return;
    case 5:
      await goods.updateOne({ _id: DOCUMENTS + n - 3 }, { $set: { "deep.er": { x: n } } });
      return;
    case 6: {
      await db.client.withSession((session) =>
        session.withTransaction(async () => {
          await goods.updateOne({ _id: id }, { $set: { inTransaction: n } }, { session, upsert: true });
          await db.collection("others").insertOne({ of: n }, { session });
        }),
      );
      return;
    }
    default:
      await db.collection("series").insertOne({ at: new Date(1e12 + n * 1000), value: n });
  }
}

async function rawDocuments(db: Db, collection: string): Promise<Buffer[]> {
  const found = db.collection(collection).find({}, { raw: true } as object);
  return (await found.toArray()) as unknown as Buffer[];
}

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`an export of a dump with an oplog${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let client: MongoClient;
  let db: Db;
  let forms: readonly string[];
  const atTheEnd = new Map<string, string[]>();
  const path = (of: string): string => join(place.path, of);
  const exported = (dump: string, archive: string, ...args: string[]) =>
    firebreak(["export", "--source", "dump", "--dump", dump, "--archive", path(archive), ...onlyOurs(args)]);

  beforeAll(async () => {
    place = await folder();
    client = await MongoClient.connect(urlOf("mongodb"));
    db = client.db(name);
    await db.dropDatabase();
    await db.createCollection("series", { timeseries: { timeField: "at" } });
    await db.createCollection("others");
    await db
      .collection<{ _id: number }>("goods")
      .insertMany(Array.from({ length: DOCUMENTS }, (_, i) => ({ _id: i, text: `of ${i}`, list: [i] })));
    await db.collection("series").insertOne({ at: new Date(1e12), value: -1 });
    const oplog = client.db("local").collection("oplog.rs");
    const since = (await oplog.findOne({}, { sort: { $natural: -1 } }))!["ts"] as Timestamp;
    // mongodump reads each collection while that one and others are written to. This does the same.
    const collections: ReadCollection[] = [];
    const documents: string[] = [];
    for (let n = 0; n < 160; n++) {
      await change(db, n);
      // A part of the documents as they are now, the next part later.
      if (n % 20 === 10)
        for (const d of await rawDocuments(db, "goods"))
          if (partOf(d) === (n - 10) / 20) documents.push(d.toString("hex"));
      if (n === 50) collections.push(collection("others", await rawDocuments(db, "others")));
      if (n === 90) collections.push(series(await rawDocuments(db, "system.buckets.series")));
    }
    collections.push({ ...collection("goods", []), documents });
    const entries = (await oplog
      .find({ ts: { $gt: since } }, { raw: true } as object)
      .sort({ $natural: 1 })
      .toArray()) as unknown as Buffer[];
    for (const of of ["goods", "others", "system.buckets.series"])
      atTheEnd.set(of, (await rawDocuments(db, of)).map((d) => d.toString("hex")).sort());
    forms = await writeForms(collections, Buffer.concat(entries));
  });
  afterAll(async () => {
    await db.dropDatabase();
    await client.close();
    await place[Symbol.asyncDispose]();
  });

  async function writeForms(collections: readonly ReadCollection[], oplog: Buffer): Promise<string[]> {
    await writeDump(path("dump"), collections);
    await writeFile(path("dump/oplog.bson"), oplog);
    const all = [{ ...collection("oplog", []), database: "", documents: cut(oplog) }, ...collections];
    const archive = archiveBytes(archivePieces(all));
    await writeFile(path("dump.archive"), archive);
    await writeFile(path("dump.archive.gz"), gzipSync(archive));
    return ["dump", "dump.archive", "dump.archive.gz"].map(path);
  }

  async function expectTheEnd(archive: string): Promise<void> {
    for (const [of, expected] of atTheEnd) {
      const lines = await linesOf(path(archive), `${name}.${of.replace("system.buckets.", "")}`);
      expect(lines.map((line) => documentOfLine(line).toString("hex")).sort(), of).toEqual(expected);
    }
  }

  test("is of the moment when the dump ended, from each form of it", async () => {
    for (const [i, form] of forms.entries()) {
      const { exitCode, output } = await exported(form, `of-${i}`, "--jobs", "2");
      expect(exitCode, output).toBe(0);
      expect(output).toMatch(/The oplog in .* is applied \([\d,]+ entries\)/);
      await expectTheEnd(`of-${i}`);
      await mustEndWell(["verify", "--archive", path(`of-${i}`)]);
      const manifest = JSON.parse(await readFile(path(`of-${i}/manifest.json`), "utf8")) as Document;
      expect(manifest["consistency"]).toBe("snapshot");
      expect(manifest["watermark"]).toMatch(/^\d+,\d+$/);
      expect((await readdir(path(`of-${i}`))).filter((file) => file.includes("partial"))).toEqual([]);
    }
  });

  test("applies what is about the collections that are asked for", async () => {
    const { exitCode, output } = await exported(forms[0]!, "some", "--include", `${name}.others`);
    expect(exitCode, output).toBe(0);
    const lines = await linesOf(path("some"), `${name}.others`);
    expect(lines.map((line) => documentOfLine(line).toString("hex")).sort()).toEqual(atTheEnd.get("others"));
  });

  test("killed while the oplog is applied goes on to the same", async () => {
    const args = [
      "export",
      "--source",
      "dump",
      "--dump",
      forms[0]!,
      "--archive",
      path("killed"),
      ...onlyOurs([]),
    ];
    const killed = await start(args, { killAt: "oplog-split:1" });
    expect(killed.signal).toBe("SIGKILL");
    const { exitCode, output } = await firebreak(args);
    expect(exitCode, output).toBe(0);
    await expectTheEnd("killed");
  });

  test("leaves the oplog out where that is asked for, and says so", async () => {
    const { exitCode, output } = await exported(forms[0]!, "without", "--no-oplog");
    expect(exitCode, output).toBe(0);
    expect(output).toContain("is not applied");
    const lines = await linesOf(path("without"), `${name}.goods`);
    expect(lines.map((line) => documentOfLine(line).toString("hex")).sort()).not.toEqual(
      atTheEnd.get("goods"),
    );
    const manifest = JSON.parse(await readFile(path("without/manifest.json"), "utf8")) as Document;
    expect(manifest["consistency"]).toBe("document");
  });
});

describe("an oplog that cannot be applied", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  async function exportWith(oplog: Buffer) {
    const dump = join(place.path, "dump");
    await rm(place.path, { recursive: true, force: true });
    await mkdir(place.path);
    const goods = [{ _id: new Int32(1), a: { b: new Int32(1) } }];
    await writeDump(dump, [
      collection(
        "goods",
        goods.map((d) => Buffer.from(BSON.serialize(d))),
      ),
    ]);
    await writeFile(join(dump, "oplog.bson"), oplog);
    const args = ["export", "--source", "dump", "--dump", dump, "--archive", join(place.path, "archive")];
    return { refused: await firebreak(args), again: () => firebreak([...args, "--no-oplog"]) };
  }

  const entry = (op: string, ns: string, o: Document, o2?: Document): Buffer =>
    Buffer.from(BSON.serialize({ op, ns, o, ...(o2 ? { o2 } : {}), ts: new Timestamp({ t: 77, i: 3 }) }));
  const goods = `${name}.goods`;

  test.each([
    ["a collection that was made meanwhile", entry("c", `${name}.$cmd`, { create: "new" }), "create of"],
    [
      "a document that the dump has not",
      entry("u", goods, { $v: 1, $set: { a: 1 } }, { _id: 9 }),
      "does not have",
    ],
    ["an update of tomorrow", entry("u", goods, { $v: 3, x: 1 }, { _id: 1 }), "updates of version 3"],
    [
      "a diff with a section of tomorrow",
      entry("u", goods, { $v: 2, diff: { sa: { q: { c: 1 } } } }, { _id: 1 }),
      'the section "q" of its diff',
    ],
    [
      "a modifier that no oplog has",
      entry("u", goods, { $inc: { a: 1 } }, { _id: 1 }),
      'the modifier "$inc"',
    ],
    ["a change without an _id", entry("d", goods, {}), "names no document"],
  ])(
    "for %s ends with 6, names the entry and --no-oplog, which goes on without it",
    async (_, oplog, reason) => {
      const { refused, again } = await exportWith(oplog);
      expect(refused.exitCode, refused.output).toBe(6);
      expect(refused.stderr).toContain(reason);
      expect(refused.stderr).toContain("--no-oplog");
      expect(refused.stderr).toContain(oplog.includes("create") ? "at 77,3" : goods);
      await rm(join(place.path, "archive"), { recursive: true, force: true });
      const { exitCode, output } = await again();
      expect(exitCode, output).toBe(0);
    },
  );

  test("for it is cut off ends with 5", async () => {
    const { refused } = await exportWith(entry("i", goods, { _id: 2 }).subarray(0, -3));
    expect(refused.exitCode, refused.output).toBe(5);
    expect(refused.stderr).toContain("oplog.bson");
  });

  test("for its source is no dump is refused as a flag", async () => {
    const { exitCode, stderr } = await firebreak(["export", "--no-oplog"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--no-oplog");
  });
});

/** The oplog of a server that others use has their commands, too. */
function onlyOurs(args: readonly string[]): readonly string[] {
  return args.includes("--include") ? args : ["--include", `${name}.*`, ...args];
}

function collection(of: string, documents: readonly Buffer[]): ReadCollection {
  return {
    namespace: `${name}.${of}`,
    database: name,
    collection: of,
    kind: "collection",
    optionsText: "{}",
    indexTexts: [],
    documents: documents.map((d) => d.toString("hex")),
  };
}

function series(documents: readonly Buffer[]): ReadCollection {
  return {
    ...collection("series", documents),
    kind: "timeseries",
    optionsText: '{"timeseries":{"timeField":"at"}}',
  };
}

/** Returns the number of the part, of eight, that a document belongs to. */
function partOf(document: Buffer): number {
  const { _id: id } = BSON.deserialize(document);
  return (typeof id === "number" ? id : String(id).length) % 8;
}

function cut(bytes: Buffer): string[] {
  const documents: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readInt32LE(at);
    documents.push(bytes.toString("hex", at, at + length));
    at += length;
  }
  return documents;
}
