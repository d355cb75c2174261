import { join } from "node:path";
import { Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, type Db, type Document } from "mongodb";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { chainContents, sorted } from "@firebreak/testing/deltas/chain-contents";
import { changesIn, manifestOf, runDelta } from "@firebreak/testing/deltas/run-delta";

type Kind = "mongodb" | "standalone";
const COUNT = 1500;
const PART_MIB = "0.03";

/** `_id`s of all kinds that order and bounds are special for. */
function idOf(i: number): unknown {
  switch (i % 12) {
    case 0:
      return new Int32(i);
    case 1:
      return new Double(i + 0.5);
    case 2:
      return Long.fromNumber(i * 2 ** 40);
    case 3:
      return `text ${i % 7} ${i}`;
    case 4:
      return new ObjectId(i.toString(16).padStart(24, "0"));
    case 5:
      return new Date(i * 1e6);
    case 6:
      return { b: i, "1": 2 };
    case 7:
      return Decimal128.fromString(`${i}.25`);
    case 8:
      return Buffer.from(`bytes ${i}`);
    case 9:
      return i === 9 ? new MinKey() : i === 21 ? new MaxKey() : i === 33 ? null : `Ж${i}`;
    case 10:
      return i % 24 === 10 ? { a: { b: i } } : i % 36 === 22;
    default:
      return -i;
  }
}

function documents(count = COUNT): Document[] {
  const found = new Map<string, Document>();
  for (let i = 0; i < count; i++) {
    const _id = idOf(i);
    found.set(JSON.stringify(_id) ?? "", {
      _id,
      n: i,
      text: "x".repeat(i % 50),
      ...(i % 40 === 0 ? { odd: { $oid: i } } : {}),
    });
  }
  return [...found.values()];
}

async function fill(db: Db): Promise<void> {
  await db.collection("mixed").insertMany(documents() as never[], { ordered: false });
  await db.collection("still").insertMany(documents(200) as never[]);
  await db.collection("emptied").insertMany([{ n: 1 }, { n: 2 }]);
  await db.createCollection("empty");
  await db.createCollection("empty_still");
  await db.collection("gone").insertOne({ n: 1 });
  await db.collection("indexed").insertOne({ n: 1 });
  await db.createCollection("view", { viewOn: "mixed", pipeline: [] });
  await db.createCollection("ring", { capped: true, size: 100_000 });
  await db.collection("ring").insertMany(Array.from({ length: 100 }, (_, i) => ({ n: i })));
  await db.createCollection("ring_still", { capped: true, size: 100_000 });
  await db.collection("ring_still").insertMany(Array.from({ length: 100 }, (_, i) => ({ n: i })));
}

/** Edits, deletes and inserts all over the ranges. */
async function change(db: Db, round: number): Promise<void> {
  const mixed = db.collection("mixed");
  await mixed.updateMany({ n: { $mod: [97, round] } }, { $set: { round } });
  await mixed.deleteMany({ n: { $mod: [89, round] } });
  const added = Array.from({ length: 40 }, (_, i) => ({ _id: `added ${round} ${i}`, n: -i }));
  await mixed.insertMany([...added, ...added.map(({ n }) => ({ n }))] as never[]);
  // What an earlier round added is edited and deleted too.
  await mixed.deleteMany({ _id: { $regex: `^added ${round - 1} .*5$` } } as never);
  await mixed.updateMany({ _id: { $regex: `^added ${round - 1} .*6$` } } as never, {
    $set: { again: round },
  });
  await db.collection("ring").insertOne({ n: 1000 + round });
}

describe.each<Kind>(["standalone", "mongodb"])("a delta by comparison from %s", (server) => {
  const { isLacking, why } = lacking(server);

  test.skipIf(isLacking)(`is what turned the source into what it is now, twice in a row${why}`, async () => {
    await using source = await mongodbDatabase(ownName("compared"), server);
    await using place = await folder();
    const { db } = source;
    const at = (name: string): string => join(place.path, name);
    const exported = (archive: string, ...args: string[]) =>
      mustEndWell(["export", "--archive", at(archive), "--jobs", "1", ...args], { mongodbUrl: source.url });
    const compared = (archive: string, previous: string) =>
      runDelta({
        source: { kind: "mongodb", url: source.url },
        archive: at(archive),
        deltaFrom: at(previous),
      });

    await fill(db);
    await exported("full", "--part-mib", PART_MIB);
    expect(
      (await manifestOf(at("full"))).namespaces.find((n) => n.collection === "mixed")!.parts.length,
    ).toBeGreaterThan(5);

    await change(db, 1);
    await db.collection("emptied").deleteMany({});
    await db.collection("empty").insertOne({ n: 1 });
    await db.collection("gone").drop();
    await db.collection("new").insertMany(documents(500) as never[]);
    await db.collection("indexed").createIndex({ n: 1 });
    await compared("one", "full");
    expect(await changesIn(at("one"))).toEqual({
      emptied: "changed",
      empty: "changed",
      gone: "dropped",
      indexed: "changed",
      mixed: "changed",
      new: "whole",
      ring: "whole",
    });
    const one = await manifestOf(at("one"));
    expect(one).toMatchObject({ formatVersion: 2, delta: { number: 1, by: "comparison" } });
    expect(one.watermark === undefined).toBe(server === "standalone");
    const counts = one.namespaces.find((n) => n.collection === "mixed")!;
    expect(counts.lineCount).toBeLessThan(200);

    await change(db, 2);
    // The key is equal to the server and another line: 12 as a double.
    await db.collection("mixed").deleteOne({ _id: new Int32(12) } as never);
    await db.collection("mixed").insertOne({ _id: new Double(12), n: 12 } as never);
    await db.collection("new").deleteOne({ n: 3 });
    await db.collection("emptied").insertOne({ n: 3 });
    await db.collection("view").drop();
    await db.collection("view").insertOne({ n: "no view any more" });
    await db.collection("indexed").rename("renamed");
    await compared("two", "one");
    expect(await changesIn(at("two"))).toEqual({
      emptied: "changed",
      indexed: "dropped",
      mixed: "changed",
      new: "changed",
      renamed: "whole",
      ring: "whole",
      view: "whole",
    });

    await exported("fresh", "--part-mib", PART_MIB);
    expect(sorted(await chainContents([at("full"), at("one"), at("two")]))).toEqual(
      sorted(await chainContents([at("fresh")])),
    );

    const third = await compared("three", "two");
    expect(third.notes).toContain("delta-empty");
    expect((await manifestOf(at("three"))).namespaces).toEqual([]);
  });
});
