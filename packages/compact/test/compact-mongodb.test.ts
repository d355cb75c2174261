import { join } from "node:path";
import { inspected } from "@firebreak/testing/recipes/inspected";
import { Decimal128, Double, Int32, Long, ObjectId, type Document } from "bson";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf, namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { compacted } from "@firebreak/testing/recipes/compacted";
import { verified } from "@firebreak/testing/recipes/verified";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { makeDelta } from "@firebreak/testing/deltas/make-delta";

const { isLacking, why } = lacking("mongodb");
const PART_MIB = "0.02";
const READER = join(import.meta.dirname, "../../../docs/read_archive.py");
const hasTools =
  (await execa("python3", ["--version"], { reject: false })).exitCode === 0 &&
  (await execa("zstd", ["--version"], { reject: false })).exitCode === 0;

/** Keys of many types, numbers of several types among one another; some cannot be a border. */
function anyKey(n: number): unknown {
  switch (n % 9) {
    case 0:
      return new Int32(n);
    case 1:
      return new Double(n + 0.5);
    case 2:
      return Long.fromNumber(n);
    case 3:
      return Decimal128.fromString(`${n}.25`);
    case 4:
      return `key ${n} 长`;
    case 5:
      return new Map<string, unknown>([
        ["b", new Int32(n)],
        ["1", "a name that moves in JavaScript"],
      ]);
    case 6:
      return new ObjectId((n * 7919).toString(16).padStart(24, "0"));
    case 7:
      return new Date(n * 1000);
    default:
      return { a: [n, "x"], b: { c: null } };
  }
}

/** As the driver's types want it, which know of no other keys than ObjectIds. */
const asId = (key: unknown): ObjectId => key as ObjectId;
const keyOf = (n: number): ObjectId => asId(anyKey(n));

const rowOf = (n: number, state: number): Document => ({
  _id: keyOf(n),
  state,
  padding: "x".repeat((n * 37) % 300),
});

describe.skipIf(isLacking)(`compact of collections${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  beforeAll(async () => {
    place = await folder();
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test("a chain of two deltas becomes the archive that a fresh export is", async () => {
    const at = (name: string): string => join(place.path, name);
    const database = ownName("compact");
    await using source = await mongodbDatabase(database);
    const { db } = source;
    const take = async (archive: string): Promise<void> => {
      await well(exported(at(archive), source.url, { partMib: Number(PART_MIB) }));
    };
    const many = db.collection("many");
    await many.insertMany(Array.from({ length: 900 }, (_, n) => rowOf(n, 0)));
    await db.collection("quiet").insertMany(Array.from({ length: 300 }, (_, n) => rowOf(n, 0)));
    await db.collection("goes").insertOne({ a: 1 });
    await db.collection("again").insertMany([{ a: 1 }, { a: 2 }]);
    await db.createCollection("empty");
    await db.createCollection("view", { viewOn: "many", pipeline: [] });
    await db.createCollection("collated", { collation: { locale: "de" } });
    await db.collection("collated").insertMany(["a", "B", "c"].map((key) => ({ _id: asId(key), n: 1 })));
    await db.createCollection("capped", { capped: true, size: 1 << 20 });
    await db.collection("capped").insertMany([{ n: 3 }, { n: 1 }, { n: 2 }]);
    await take("full");

    for (let n = 0; n < 900; n += 7) await many.updateOne({ _id: keyOf(n) }, { $set: { state: 1 } });
    for (let n = 3; n < 900; n += 11) await many.deleteOne({ _id: keyOf(n) });
    await many.insertMany(Array.from({ length: 200 }, (_, n) => rowOf(n + 900, 1)));
    await db.collection("goes").drop();
    await db.collection("again").drop();
    await db.collection("again").insertMany([{ b: "new" }]);
    await db.collection("comes").insertMany(Array.from({ length: 400 }, (_, n) => rowOf(n, 1)));
    await db.collection("collated").updateOne({ _id: asId("B") }, { $set: { n: 2 } });
    await db.collection("capped").updateOne({ n: 1 }, { $set: { n: 9 } });
    await take("second");
    await makeDelta(at("full"), at("full"), at("second"), at("delta-1"), { whole: [`${database}.again`] });

    for (let n = 2; n < 1100; n += 5) await many.updateOne({ _id: keyOf(n) }, { $set: { state: 2 } });
    for (let n = 1; n < 1100; n += 13) await many.deleteOne({ _id: keyOf(n) });
    // The same number in another type: another key line, one key for the server.
    await many.deleteOne({ _id: asId(new Int32(9)) });
    await many.insertOne({ _id: asId(new Double(9)), state: 2 });
    await many.createIndex({ state: 1 });
    await db.collection("comes").deleteMany({ state: 1, padding: /^x{100}/ });
    await take("third");
    await makeDelta(at("delta-1"), at("second"), at("third"), at("delta-2"));

    await take("fresh");
    const { text } = await well(compacted(at("delta-2"), at("compacted")));
    expect(await contentOf(at("compacted"))).toEqual(await contentOf(at("fresh")));
    const parts = (await namespacesOf(at("fresh"))).map((n) => n.parts.length);
    expect(Math.max(...parts)).toBeGreaterThan(10);
    expect(text).not.toMatch(/only its server knows/);
    for (const archive of ["delta-1", "delta-2", "compacted"]) await well(verified(at(archive)));
    const seen = await well(inspected(at("delta-2")));
    expect(seen.text).toMatch(/delta +number 2 of its chain, by comparison/);
    expect(seen.text).toMatch(/many: collection, changed, \d+ documents, \d+ keys gone \(\d+ of them past/);
    if (hasTools)
      for (const name of ["many", "again", "goes"]) {
        const namespace = `${database}.${name}`;
        const links = ["full", "delta-1", "delta-2"].map(at);
        const { stdout } = await execa("python3", [READER, "--chain", namespace, ...links]);
        const lines = name === "goes" ? [] : (await linesOf(at("compacted"), namespace)).sort();
        expect(stdout === "" ? [] : stdout.split("\n").sort()).toEqual(lines);
      }

    const full = await compacted(at("full"), at("other"));
    expect(full.ending, full.text).toBe("compact-no-delta");
    expect(full.text).toMatch(/is a full archive/);
    const taken = await compacted(at("delta-2"), at("compacted"));
    expect(taken.ending, taken.text).toBe("compact-out-taken");
    expect(taken.text).toMatch(/compacted holds manifest\.json/);
    const inside = await compacted(at("delta-2"), join(at("full"), "x"));
    expect(inside.ending, inside.text).toBe("compact-out-inside");
  });
});
