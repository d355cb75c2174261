import { BSON, Int32, type Document } from "bson";
import fc from "fast-check";
import { MongoClient, type Collection } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { applyEntry, isWhole } from "../../src/oplog/apply-entry.ts";
import { applyModifiers } from "../../src/oplog/apply-modifiers.ts";
import { elementsOf } from "../../src/elements.ts";
import { readEntry } from "../../src/oplog/oplog-entry.ts";

const RUNS = Number(process.env["FIREBREAK_OPLOG_RUNS"] ?? 60);

const name = fc.constantFrom("a", "b", "c", "0", "1", "2", "10");
const leaf = fc.oneof(
  fc.integer({ min: -9, max: 9 }).map((n) => new Int32(n)),
  fc.constantFrom("", "text", "x".repeat(40)),
  fc.constant(null),
);
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { weight: 3, arbitrary: leaf },
    { weight: 2, arbitrary: fc.dictionary(name, tie("value"), { maxKeys: 4 }) },
    { weight: 2, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
  ),
})).value;
const fields = fc.dictionary(name, value, { maxKeys: 5 });
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("."));

/** Update operators of people; a server may refuse them, which is no matter here. */
const update = fc.oneof(
  fc.record({ $set: fc.dictionary(path, value, { minKeys: 1, maxKeys: 3 }) }),
  fc.record({ $unset: fc.dictionary(path, fc.constant(""), { minKeys: 1, maxKeys: 3 }) }),
  fc.record({ $push: fc.dictionary(path, leaf, { minKeys: 1, maxKeys: 1 }) }),
  path.map((p) => ({ $push: { [p]: { $each: [new Int32(7)], $slice: 2, $position: 0 } } })),
  path.map((p) => ({ $pop: { [p]: -1 } })),
  fc.record({ $rename: fc.tuple(path, path).map(([from, to]) => ({ [from]: to })) }),
  fields.map((replacing) => [{ $replaceWith: { $literal: { _id: 1, ...replacing } } }]),
);

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`an update out of an oplog makes what a server makes of it${why}`, () => {
  let client: MongoClient;
  let collection: Collection;
  const found = async (): Promise<Buffer> =>
    (await collection.findOne({}, { raw: true } as object)) as unknown as Buffer;
  beforeAll(async () => {
    client = await MongoClient.connect(urlOf("mongodb"));
    collection = client.db(ownName("oplog_updates")).collection("t");
    await collection.drop();
  });
  afterAll(async () => {
    await collection?.db.dropDatabase();
    await client?.close();
  });

  test("by the diffs that it wrote itself, applied once and once more", async () => {
    const oplog = client.db("local").collection("oplog.rs");
    let applied = 0;
    await fc.assert(
      fc.asyncProperty(fields, fc.array(update, { minLength: 1, maxLength: 3 }), async (start, updates) => {
        await collection.replaceOne({ _id: 1 as never }, start, { upsert: true });
        const since = (await oplog.findOne({}, { sort: { $natural: -1 } }))!["ts"];
        const before = await found();
        for (const one of updates)
          await collection.updateOne({ _id: 1 as never }, one as Document).catch(() => undefined);
        const raw = (await oplog
          .find({ ts: { $gt: since }, ns: collection.namespace, op: "u" }, { raw: true } as object)
          .sort({ $natural: 1 })
          .toArray()) as unknown as Buffer[];
        const entries = raw.map(readEntry);
        applied += entries.filter((entry) => !isWhole(entry)).length;
        const all = (from: Buffer): Buffer =>
          entries.reduce((document, entry) => applyEntry(document, entry)!, from);
        const server = await found();
        expect(all(before).toString("hex")).toBe(server.toString("hex"));
        // A dump may have read the document after some of the updates, or after all.
        expect(BSON.deserialize(all(server))).toEqual(BSON.deserialize(server));
      }),
      { numRuns: RUNS },
    );
    expect(applied).toBeGreaterThan(RUNS / 4);
  });

  test.each([{ $v: new Int32(1) }, {}])(
    "by modifiers of version 1, as an older server wrote them: %o",
    async (version) => {
      await fc.assert(
        fc.asyncProperty(
          fields,
          fc.dictionary(path, value, { maxKeys: 1 }),
          fc.dictionary(path, fc.constant(true), { maxKeys: 1 }),
          async (start, set, unset) => {
            const modifiers = {
              ...version,
              ...(Object.keys(set).length > 0 ? { $set: set } : {}),
              ...(Object.keys(unset).length > 0 ? { $unset: unset } : {}),
            };
            fc.pre(Object.keys(modifiers).some((key) => key !== "$v"));
            fc.pre(!areInConflict(Object.keys(set)[0], Object.keys(unset)[0]));
            await collection.replaceOne({ _id: 1 as never }, start, { upsert: true });
            const before = await found();
            await client.db("admin").command({
              applyOps: [{ op: "u", ns: collection.namespace, o2: { _id: 1 }, o: modifiers }],
            });
            const own = applyModifiers(before, elementsOf(Buffer.from(BSON.serialize(modifiers))));
            expect(own.toString("hex")).toBe((await found()).toString("hex"));
          },
        ),
        { numRuns: RUNS },
      );
    },
  );
});

/** No server writes an update that sets and unsets one path, or what is within it. */
function areInConflict(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return `${one}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${one}.`);
}
