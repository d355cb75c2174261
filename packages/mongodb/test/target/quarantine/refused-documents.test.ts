import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Int32 } from "bson";
import type { Db, Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRefusedDocuments, type PartEntry, type RefusedDocument } from "../../../../archive/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { type Outcome } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { statusOf } from "@firebreak/testing/recipes/status";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";

const VALIDATOR =
  '{"validator":{"$jsonSchema":{"required":["name"],"properties":{"name":{"bsonType":"string"}}}}}';
const UNIQUE = '{"v":{"$numberInt":"2"},"key":{"code":{"$numberInt":"1"}},"name":"code","unique":true}';

const int = (value: number): Int32 => new Int32(value);
const DOCUMENTS = 3000;

/** What no server of ours takes, by its place among the documents. */
function deep(levels: number): Document {
  let inner: Document = {};
  for (let i = 0; i < levels; i++) inner = { d: inner };
  return inner;
}
const BAD = new Map<
  number,
  { readonly document: Document; readonly errno: number; readonly fields: string[] }
>([
  [10, { document: { _id: int(10), code: int(10) }, errno: 121, fields: ["name"] }],
  [20, { document: { _id: int(20), code: int(20), name: int(1) }, errno: 121, fields: ["name"] }],
  [
    30,
    {
      document: { _id: int(30), code: int(7), name: "twin of 7 by its code" },
      errno: 11000,
      fields: ["code"],
    },
  ],
  [
    40,
    { document: { _id: int(8), code: int(40), name: "twin of 8 by its _id" }, errno: 11000, fields: ["_id"] },
  ],
  [50, { document: { _id: [int(1)], code: int(50), name: "a list for a key" }, errno: 53, fields: [] }],
  [60, { document: { _id: int(60), code: int(60), name: "x".repeat(17 << 20) }, errno: 10334, fields: [] }],
  [70, { document: { _id: int(70), code: int(70), name: "deep", deep: deep(190) }, errno: 15, fields: [] }],
  [
    80,
    {
      document: { _id: int(80), code: int(80), name: "far too deep", deep: deep(198) },
      errno: 15,
      fields: [],
    },
  ],
  [2500, { document: { _id: int(2500), code: int(9), name: "twin of 9" }, errno: 11000, fields: ["code"] }],
]);

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`documents that MongoDB refuses${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    const documents = Array.from(
      { length: DOCUMENTS },
      (_, n) => BAD.get(n)?.document ?? { _id: int(n), code: int(n), name: `Name ${n}` },
    );
    await documentsArchive(archive, "refused", {
      rows: { documents, optionsText: VALIDATOR, indexTexts: [UNIQUE] },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const load = (url: string, options: Parameters<typeof loaded>[2] = {}): Promise<Outcome> =>
    loaded(archive, url, options);

  /** All that the ledger says is in quarantine, in the order of the archive. */
  async function quarantined(db: Db): Promise<RefusedDocument[]> {
    const entries = await db
      .collection("firebreak_ledger")
      .find({ quarantine: { $exists: true } })
      .sort({ "_id.part": 1 })
      .toArray();
    const found: RefusedDocument[] = [];
    for (const entry of entries) {
      const file = entry["quarantine"] as PartEntry;
      for await (const one of readRefusedDocuments(`${archive}.work/load-quarantine`, file)) found.push(one);
    }
    return found;
  }

  for (const server of ["mongodb", "standalone"] as const)
    test(`go to quarantine, exactly those, with the ${server}'s reason, and all others are in`, async () => {
      await using target = await mongodbDatabase(ownName("refdoc"), server);
      const ended = await load(target.url);
      expect(ended.ending, ended.text).toBe("short");
      const loaded = DOCUMENTS - BAD.size;
      expect(ended.accounts).toMatchObject([
        { lines: DOCUMENTS, loaded, refused: BAD.size, digested: loaded, equal: true },
      ]);
      const refused = await quarantined(target.db);
      const lineOf = ({ part, line }: { part: string; line: number }): number =>
        Number(/(\d+)\.ndjson/.exec(part)![1]) * 1000 + line - 1;
      expect(refused.map((r) => [lineOf(r), r.errno, r.fields])).toEqual(
        [...BAD].map(([n, { errno, fields }]) => [n, errno, fields]),
      );
      for (const r of refused) {
        expect(lineOf(r.source)).toBe(lineOf(r));
        expect(r).toMatchObject({ collection: "rows", namespace: "refused.rows" });
        expect(r.message).not.toBe("");
      }
      expect(refused[0]?.document).toBe('{"_id":{"$numberInt":"10"},"code":{"$numberInt":"10"}}');
      expect(ended.text).toContain("line 11, name: Document failed validation");
      // Of two with one key the first in the archive is in, untouched.
      const rows = target.db.collection<{ _id: number }>("rows");
      expect(await rows.findOne({ code: 7 })).toMatchObject({ _id: 7, name: "Name 7" });
      expect(await rows.findOne({ _id: 8 })).toMatchObject({ code: 8, name: "Name 8" });
      expect(await rows.findOne({ code: 9 })).toMatchObject({ _id: 9, name: "Name 9" });
      expect(await rows.countDocuments()).toBe(loaded);
      expect((await load(target.url)).ending).toBe("short");
      const check = await checked(archive, target.url);
      expect(check.ending, check.text).toBe("short");
    });

  test("and a run that is cut off leaves the same ones out", async () => {
    await using target = await mongodbDatabase(ownName("refdoc_cut"));
    expect((await load(target.url)).ending).toBe("short");
    const before = (await quarantined(target.db)).map(({ line, errno, document }) => ({
      line,
      errno,
      document,
    }));
    const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
    await ledger.deleteMany({ "_id.part": { $exists: true } });
    await ledger.updateOne({ _id: { load: "rows" } }, { $set: { state: "begun" } });
    await target.db.collection<{ _id: number }>("rows").deleteMany({ _id: { $in: [15, 1500] } });
    expect((await load(target.url)).ending).toBe("short");
    const after = (await quarantined(target.db)).map(({ line, errno, document }) => ({
      line,
      errno,
      document,
    }));
    expect(after).toEqual(before);
  });

  test("a document that somebody put there under one of our keys is not overwritten", async () => {
    await using target = await mongodbDatabase(ownName("refdoc_other"));
    expect((await load(target.url)).ending).toBe("short");
    const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
    await ledger.deleteMany({ "_id.part": /00001/ });
    await ledger.updateOne({ _id: { load: "rows" } }, { $set: { state: "begun" } });
    const rows = target.db.collection<{ _id: number }>("rows");
    await rows.replaceOne({ _id: 1500 }, { code: 1500, name: "mine" });
    const ended = await load(target.url);
    // The stranger is no document of the archive.
    expect(ended.ending, ended.text).toBe("unequal");
    expect(await rows.findOne({ _id: 1500 })).toEqual({ _id: 1500, code: 1500, name: "mine" });
    expect(await quarantined(target.db)).toContainEqual(
      expect.objectContaining({ line: 501, errno: 11000, fields: ["_id"] }),
    );
    await rows.deleteOne({ _id: 1500 });
    const mended = await load(target.url, { isReplay: true });
    expect(mended.ending, mended.text).toBe("short");
    expect(await rows.findOne({ _id: 1500 })).toMatchObject({ name: "Name 1500" });
  });

  test("are loaded from there when the cause is mended, the rest stays with today's reason", async () => {
    await using target = await mongodbDatabase(ownName("refdoc_replay"));
    expect((await load(target.url)).ending).toBe("short");
    await target.db.command({ collMod: "rows", validationLevel: "off" });
    const ended = await load(target.url, { isReplay: true });
    expect(ended.ending, ended.text).toBe("short");
    expect(ended.text).toContain("another set of options");
    const loaded = DOCUMENTS - BAD.size + 2;
    expect(ended.accounts).toMatchObject([{ loaded, refused: BAD.size - 2, digested: loaded, equal: true }]);
    expect(
      await target.db.collection<{ _id: number }>("rows").countDocuments({ _id: { $in: [10, 20] } }),
    ).toBe(2);
    expect((await quarantined(target.db)).map((r) => r.line)).toEqual([31, 41, 51, 61, 71, 81, 501]);
    const files = (await readdir(`${archive}.work/load-quarantine`, { recursive: true })).filter(
      (f) => f.endsWith(".zst") && f.includes(target.db.databaseName),
    );
    expect(files).toHaveLength(2);
    const again = await load(target.url, { isReplay: true });
    expect(again.accounts).toMatchObject([{ loaded, equal: true }]);
  });

  test("and a replay that is cut off is ended by the next load, each document once", async () => {
    await using target = await mongodbDatabase(ownName("refdoc_again"));
    expect((await load(target.url)).ending).toBe("short");
    await target.db.command({ collMod: "rows", validationLevel: "off" });
    // As it is when a document is in, and the ledger does not know of it yet.
    const ledger = target.db.collection<{ _id: Document }>("firebreak_ledger");
    await ledger.updateOne({ "_id.part": /00000/ }, { $set: { isReplaying: true } });
    await ledger.updateOne({ _id: { load: "rows" } }, { $set: { state: "begun" } });
    await target.db.collection("rows").insertOne(BAD.get(10)!.document);
    const ended = await load(target.url);
    expect(ended.ending, ended.text).toBe("short");
    const loaded = DOCUMENTS - BAD.size + 2;
    expect(ended.accounts).toMatchObject([{ loaded, digested: loaded, equal: true }]);
  });

  test("that are gone from --work cannot be replayed: that is said before anything is done", async () => {
    await using target = await mongodbDatabase(ownName("refdoc_lost"));
    const work = join(place.path, "lost");
    expect((await load(target.url, { work })).ending).toBe("short");
    await rm(join(work, "load-quarantine"), { recursive: true });
    const ended = await load(target.url, { work, isReplay: true });
    expect(ended.ending, ended.text).toBe("replay-documents-missing");
    expect(ended.text).toMatch(/8 documents of .*00000.* cannot be loaded/);
    const check = await checked(archive, target.url, { work });
    expect(check.ending, check.text).toBe("unequal");
    expect(check.text).toContain("they count as missing");
  });

  test("end the load when they are more than --max-quarantine, which goes on with more", async () => {
    await using target = await mongodbDatabase(ownName("refdoc_max"));
    const ended = await load(target.url, { maxQuarantine: 3 });
    expect(ended.ending, ended.text).toBe("quarantine-full");
    expect(ended.text).toContain("refused more than 3 rows or documents");
    expect((await load(target.url, { maxQuarantine: BAD.size })).ending).toBe("short");
    expect(await quarantined(target.db)).toHaveLength(BAD.size);
    expect((await statusOf(archive, target.url)).error).toBeUndefined();
  });
});
