import { join } from "node:path";
import { statusOf } from "@firebreak/testing/recipes/status";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { checked } from "@firebreak/testing/recipes/checked";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { Double, Int32, Long, type Document } from "bson";
import type { Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { contentOf } from "@firebreak/testing/documents/database-content";
import { deltaArchive } from "@firebreak/testing/deltas/delta-archive";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";

const INDEX = '{"v":{"$numberInt":"2"},"key":{"name":{"$numberInt":"1"}},"name":"by_name"}';
const UNIQUE = INDEX.replace('"name":"by_name"', '"name":"by_name","unique":true');

const rows = (from: number, to: number, text = "first"): Document[] =>
  Array.from({ length: to - from }, (_, i) => ({ _id: new Int32(from + i), name: `${text} ${from + i}` }));

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`deltas loaded into MongoDB${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  const at = (name: string): string => join(place.path, name);
  const load = (name: string, url: string, options: Parameters<typeof loaded>[2] = {}): Promise<Outcome> =>
    loaded(at(name), url, options);

  /** People, of whom the first delta changes some, and the second takes some away. */
  const people = [
    rows(0, 100),
    [...rows(0, 50), ...rows(50, 110, "second")],
    [...rows(0, 40), ...rows(60, 110, "second")],
  ];
  const gone = rows(0, 10);
  const anew = [rows(0, 30), rows(20, 60, "anew")];

  beforeAll(async () => {
    place = await folder();
    await documentsArchive(at("full"), "chain", {
      people: { documents: people[0]!, documentsAPart: 30, indexTexts: [INDEX] },
      same: { documents: rows(0, 5) },
      gone: { documents: gone },
      anew: { documents: anew[0]! },
    });
    await deltaArchive(at("one"), at("full"), "chain", {
      people: { before: people[0]!, after: people[1]!, documentsAPart: 20, indexTexts: [INDEX] },
      same: { before: rows(0, 5), after: rows(0, 5) },
      gone: { before: gone },
      anew: { before: anew[0]!, after: anew[1]!, isWhole: true, indexTexts: [UNIQUE] },
      fresh: { after: rows(0, 7), indexTexts: [INDEX] },
    });
    await deltaArchive(at("two"), at("one"), "chain", {
      people: { before: people[1]!, after: people[2]!, indexTexts: [UNIQUE] },
      same: { before: rows(0, 5), after: rows(0, 5) },
      anew: { before: anew[1]!, after: anew[1]! },
      fresh: { before: rows(0, 7) },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const idsOf = async (db: Db, collection: string): Promise<unknown[]> =>
    (await db.collection(collection).find().sort({ _id: 1 }).toArray()).map((d) => d["name"]);
  const names = (documents: readonly Document[]): unknown[] => documents.map((d) => d["name"] as string);

  for (const server of ["mongodb", "standalone"] as const)
    test(`bring a ${server} to where the source is, one after the other`, async () => {
      await using target = await mongodbDatabase(ownName("delta"), server);
      const { db, url } = target;
      await well(load("full", url));
      const first = await load("one", url);
      expect(first.ending, first.text).toBe("well");
      expect(first.accounts).toMatchObject([
        {
          namespace: "chain.people",
          change: "changed",
          lines: 60,
          deletes: 0,
          loaded: 60,
          refused: 0,
          digested: 110,
          equal: true,
        },
        { namespace: "chain.gone", change: "dropped" },
        { namespace: "chain.anew", change: "whole", lines: 40, loaded: 40, digested: 40, equal: true },
        { namespace: "chain.fresh", change: "whole", lines: 7, loaded: 7, digested: 7, equal: true },
      ]);
      expect(await idsOf(db, "people")).toEqual(names(people[1]!));
      expect(await idsOf(db, "anew")).toEqual(names(anew[1]!));
      expect((await db.listCollections().toArray()).map((c) => c.name).sort()).toEqual([
        "anew",
        "firebreak_ledger",
        "fresh",
        "people",
        "same",
      ]);
      const second = await load("two", url);
      expect(second.ending, second.text).toBe("well");
      expect(second.accounts).toMatchObject([
        { lines: 0, deletes: 20, loaded: 0, digested: 90, equal: true },
        { change: "dropped" },
      ]);
      expect(await idsOf(db, "people")).toEqual(names(people[2]!));
      expect((await db.collection("people").indexes()).map((i) => [i.name, i["unique"]])).toEqual([
        ["_id_", undefined],
        ["by_name", true],
      ]);
      expect((await db.listCollections().toArray()).map((c) => c.name).sort()).toEqual([
        "anew",
        "firebreak_ledger",
        "people",
        "same",
      ]);
    });

  /** Loads, and proves that the target is what it was. */
  async function refusal(
    { db, url }: { readonly db: Db; readonly url: string },
    name: string,
  ): Promise<Outcome> {
    const before = await contentOf(db);
    const told = await load(name, url, { work: at("work"), maxQuarantine: 0 });
    expect(await contentOf(db)).toEqual(before);
    return told;
  }

  /** Loads, proves the same, and returns what people read. */
  async function unchanged(
    { db, url }: { readonly db: Db; readonly url: string },
    name: string,
    exitCode: number | undefined,
  ): Promise<string> {
    const before = await contentOf(db);
    const { error, text } = await load(name, url);
    expect({ exitCode: error?.exitCode, text }).toMatchObject({ exitCode });
    expect(await contentOf(db)).toEqual(before);
    return text;
  }

  async function allLoaded(url: string, ...archives: readonly string[]): Promise<void> {
    for (const name of archives) await well(load(name, url, { work: at("work"), maxQuarantine: 0 }));
  }

  test("are refused by name out of order, with one missing, from another chain or branch, and change nothing twice", async () => {
    await using target = await mongodbDatabase(ownName("delta_order"));
    const { url } = target;
    expect((await refusal(target, "one")).error).toMatchObject({ code: "delta-base-missing", exitCode: 6 });
    await documentsArchive(at("foreign"), "chain", { other: { documents: rows(0, 3) } });
    await allLoaded(url, "foreign");
    expect((await refusal(target, "one")).error).toMatchObject({ code: "delta-other-chain", exitCode: 6 });
    await allLoaded(url, "full");
    expect(await unchanged(target, "two", 6)).toMatch(/has the full archive so far: delta 1 is missing/);
    await allLoaded(url, "one");
    expect(await unchanged(target, "one", undefined)).toMatch(/Delta 1 is in already: nothing was changed/);
    expect(await unchanged(target, "full", undefined)).toMatch(
      /newer than this archive, and nothing was changed/,
    );
    await deltaArchive(at("branch"), at("full"), "chain", {
      people: { before: people[0]!, after: rows(0, 1) },
    });
    expect((await refusal(target, "branch")).error).toMatchObject({
      code: "delta-forked",
      fields: { number: 1 },
    });
    await allLoaded(url, "two");
    expect((await refusal(target, "one")).notes).toContainEqual({
      kind: "note",
      code: "delta-in-before",
      fields: { number: 1 },
    });
  });

  test("are links of the chain too where nothing changed, and where all is new", async () => {
    await using target = await mongodbDatabase(ownName("delta_empty"));
    const [before, after] = [
      { before: rows(0, 5), after: rows(0, 5) },
      { before: rows(0, 5), after: rows(0, 6) },
    ];
    await documentsArchive(at("few"), "chain", { same: { documents: rows(0, 5) } });
    await deltaArchive(at("few-1"), at("few"), "chain", { same: before });
    await deltaArchive(at("few-2"), at("few-1"), "chain", { same: after, empty: { after: [] } });
    await allLoaded(target.url, "few", "few-1");
    expect((await refusal(target, "few-1")).notes).toContainEqual(
      expect.objectContaining({ code: "delta-in-before" }),
    );
    await allLoaded(target.url, "few-2");
    expect(await idsOf(target.db, "same")).toEqual(names(rows(0, 6)));
    expect(await target.db.listCollections({ name: "empty" }).toArray()).toHaveLength(1);
  });

  test("are refused where the full archive is half loaded, a collection was written to, or is another's", async () => {
    await using target = await mongodbDatabase(ownName("delta_half"));
    const { db, url } = target;
    await allLoaded(url, "full");
    const ledger = db.collection<{ _id: Document }>("firebreak_ledger");
    const chain = await ledger.findOne({ "_id.chain": { $exists: true } });
    await ledger.deleteOne({ _id: chain!._id });
    expect(await unchanged(target, "one", 6)).toMatch(
      /no full archive of it is in database .* or not all of it/,
    );
    // Load of the full archive again notes that it is in, and does nothing else.
    await allLoaded(url, "full");
    await db.collection<{ _id: number }>("same").deleteOne({ _id: 1 });
    await ledger.updateOne({ _id: { load: "people" } }, { $set: { state: "begun" } });
    await ledger.deleteOne({ _id: { load: "anew" } });
    await db.collection("fresh").insertOne({ mine: true });
    await db.collection("gone").createIndex({ name: 1 }, { unique: true, name: "theirs" });
    const text = await unchanged(target, "one", 6);
    expect(text).toMatch(/\.same has 4 documents, and had 5/);
    expect(text).toMatch(/\.people was never proved/);
    expect(text).toMatch(/\.anew has documents that no load of ours put there/);
    expect(text).toMatch(/\.fresh has documents that no load of ours put there/);
    await ledger.updateOne({ _id: { load: "people" } }, { $set: { state: "proved" } });
    await db.collection("people").createIndex({ name: -1 }, { unique: true, name: "theirs" });
    expect(await unchanged(target, "one", 6)).toMatch(/\.people has the unique index "theirs"/);
  });

  test("name what somebody changed, and are in when that is as it was; checksum compares the whole", async () => {
    await using target = await mongodbDatabase(ownName("delta_changed"));
    const { db, url } = target;
    const checksum = (): Promise<Outcome> => checked(at("one"), url);
    await allLoaded(url, "full");
    const found = db.collection<{ _id: number }>("people");
    await found.updateOne({ _id: 3 }, { $set: { name: "another" } });
    const ended = await load("one", url);
    expect(ended.ending, ended.text).toBe("unequal");
    expect(ended.text).toMatch(/changed, by _id: {"\$numberInt":"3"}/);
    expect((await refusal(target, "two")).error).toMatchObject({
      code: "delta-unfinished",
      fields: { number: 1 },
    });
    expect(await unchanged(target, "full", 6)).toMatch(/Run load of delta 1 again/);
    await found.updateOne({ _id: 3 }, { $set: { name: "first 3" } });
    await allLoaded(url, "one");
    const equal = await checksum();
    expect(equal.ending, equal.text).toBe("well");
    expect(equal.text).toMatch(/chain\.same.* 5 +yes/);
    await found.deleteOne({ _id: 77 });
    await found.updateOne({ _id: 7 }, { $set: { name: "another" } });
    await found.insertOne({ _id: 111 });
    const differing = await checksum();
    expect(differing.ending, differing.text).toBe("unequal");
    expect(differing.text).toMatch(/missing.*"77"/);
    expect(differing.text).toMatch(/extra.*"111"/);
    expect(differing.text).toMatch(/changed.*"7"/);
    // Alone it knows that they differ, but not which do.
    const alone = await copyOf(at("one"), place.path);
    const unnamed = await checked(alone, url);
    expect(unnamed.ending, unnamed.text).toBe("unequal");
    expect(unnamed.text).toMatch(
      /people differs: with this delta it should have 110 documents.*--delta-from/,
    );
    const beside = await checked(alone, url, { previous: at("full") });
    expect(beside.text).toMatch(/missing.*"77"/);
  });

  test("take keys by their type: 1 may give way to 1.0", async () => {
    await using target = await mongodbDatabase(ownName("delta_types"));
    const key = (_id: unknown, name: string): Document => ({ _id, name });
    const before = [
      key(new Int32(1), "a"),
      key(new Double(2), "b"),
      key({ x: new Int32(3) }, "c"),
      key(new Int32(4), "d"),
    ];
    const after = [
      key(new Double(1), "a"),
      key(Long.fromNumber(2), "b"),
      key({ x: Long.fromNumber(3) }, "c"),
      key(new Int32(4), "changed"),
      key(new Double(-0), "e"),
    ];
    await documentsArchive(at("types"), "chain", { keys: { documents: before } });
    await deltaArchive(at("types-1"), at("types"), "chain", { keys: { before, after, documentsAPart: 2 } });
    await deltaArchive(at("types-2"), at("types-1"), "chain", { keys: { before: after, after: before } });
    await allLoaded(target.url, "types", "types-1");
    const raw = async (): Promise<Document[]> =>
      target.db.collection("keys").find({}, { promoteValues: false }).sort({ name: 1 }).toArray();
    expect(await raw()).toEqual(after.map((d) => ({ ...d, name: d["name"] as string })));
    await allLoaded(target.url, "types-2");
    expect(await raw()).toEqual(before);
  });

  test("supersede what a load refused before, keep the rest in quarantine, and load it when the cause is gone", async () => {
    await using target = await mongodbDatabase(ownName("delta_refused"));
    const { db, url } = target;
    const twin = (id: number, name: string): Document => ({ _id: new Int32(id), name });
    // Of each pair the second is refused, for the first has its name.
    const first = [twin(1, "a"), twin(2, "a"), twin(3, "b"), twin(4, "b"), twin(5, "c")];
    const second = [twin(1, "a"), twin(2, "second"), twin(3, "b"), twin(4, "b"), twin(5, "c"), twin(6, "c")];
    await documentsArchive(at("twins"), "chain", { twins: { documents: first, indexTexts: [UNIQUE] } });
    await deltaArchive(at("twins-1"), at("twins"), "chain", {
      twins: { before: first, after: second, indexTexts: [UNIQUE] },
    });
    const work = at("twins.work");
    expect((await load("twins", url, { work })).ending).toBe("short");
    expect(await unchanged(target, "twins-1", 6)).toMatch(/refused at an earlier load are not here/);
    const ended = await load("twins-1", url, { work });
    expect(ended.ending, ended.text).toBe("short");
    expect(ended.accounts).toMatchObject([{ lines: 2, loaded: 1, refused: 1, digested: 4, equal: true }]);
    expect(ended.text).toMatch(/2 documents are in quarantine/);
    const compared = await checked(at("twins-1"), url, { work });
    expect(compared.ending, compared.text).toBe("short");
    await db.collection("twins").dropIndex("by_name");
    const replayed = await load("twins-1", url, { isReplay: true, work });
    // All documents are in, so that the index cannot be made.
    expect(replayed.error).toMatchObject({ exitCode: 7 });
    expect(await idsOf(db, "twins")).toEqual(names(second));
  });

  test("of a collection whose documents expire are in though the server has deleted some, and nothing else differs", async () => {
    await using target = await mongodbDatabase(ownName("delta_expiry"));
    const { db, url } = target;
    const expiry =
      '{"v":{"$numberInt":"2"},"key":{"at":{"$numberInt":"1"}},"name":"at","expireAfterSeconds":{"$numberInt":"3000000"}}';
    const [before, after] = [rows(0, 20), [...rows(0, 10), ...rows(10, 25, "second")]];
    const indexTexts = [expiry];
    await documentsArchive(at("expiring"), "chain", { expiring: { documents: before, indexTexts } });
    await deltaArchive(at("expiring-1"), at("expiring"), "chain", {
      expiring: { before, after, indexTexts },
    });
    await allLoaded(url, "expiring");
    const found = db.collection<{ _id: number }>("expiring");
    // As if their time had been up.
    await found.deleteMany({ _id: { $in: [1, 2, 12] } });
    await found.updateOne({ _id: 3 }, { $set: { name: "another" } });
    expect((await load("expiring-1", url)).ending).toBe("unequal");
    await found.updateOne({ _id: 3 }, { $set: { name: "first 3" } });
    const ended = await load("expiring-1", url);
    expect(ended.ending, ended.text).toBe("well");
    expect(ended.notes.filter((e) => e.code === "documents-expired")).toMatchObject([
      { fields: { count: 2 } },
    ]);
    expect(ended.accounts).toMatchObject([{ digested: 23, equal: true }]);
    const status = await well(statusOf(at("expiring-1"), url));
    expect(status.text).toMatch(/at delta 1[^]*All parts are in, by firebreak_ledger: 15 documents/);
  });
});
