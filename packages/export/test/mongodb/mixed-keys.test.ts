import { join } from "node:path";
import { Binary, Decimal128, Double, EJSON, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from "bson";
import type { Document } from "mongodb";
import { describe, expect, test } from "vitest";
import { fillCollection } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { linesOf } from "@firebreak/testing/archives/read-lines";

const { isLacking, why } = lacking("mongodb");
/** Of nine types: with both booleans more than 100,000 documents. */
const PER_TYPE = 11_112;

/** Ten types of `_id`; no two values are equal, also not as numbers of different types. */
const types: readonly ((n: number) => unknown)[] = [
  (n) => new Int32(n),
  (n) => new Double(n + 0.5),
  (n) => Long.fromNumber(n).add(Long.fromString("9007199254740993")),
  (n) => Decimal128.fromString(`${n}.25`),
  (n) => `key ${n} 长`,
  (n) => ({ b: new Int32(n), "1": "numeric names change their order in JavaScript" }),
  (n) => new Binary(Buffer.from(`binary ${n}`)),
  (n) => new ObjectId(n.toString(16).padStart(24, "0")),
  (n) => n % 2 === 0,
  (n) => new Date(n * 1000 - 1_000_000),
];
const loners = [null, new MinKey(), new MaxKey(), true, false, new Timestamp({ t: 1, i: 1 }), "", {}];

function* documents(): Generator<Document> {
  for (const _id of loners) yield { _id, padding: "x".repeat(400) };
  for (const [i, make] of types.entries())
    if (i !== 8) for (let n = 0; n < PER_TYPE; n++) yield { _id: make(n), padding: "x".repeat(400) };
}

describe.skipIf(isLacking)(`keys of many types${why}`, () => {
  test(
    "every document of a collection with mixed `_id` types is exported once",
    { timeout: 240_000 },
    async () => {
      const database = ownName("mixed");
      await using source = await mongodbDatabase(database);
      await using place = await folder();
      const collection = source.db.collection("mixed");
      const count = await fillCollection(collection, documents());
      const archive = join(place.path, "archive");
      await well(exported(archive, source.url, { jobs: 4, partMib: 0.25 }));
      const [found] = await namespacesOf(archive);
      expect(found?.documentCount).toBe(count);
      expect(found?.parts.length).toBeGreaterThan(20);
      const keys = (await linesOf(archive, `${database}.mixed`)).map((line) =>
        line.slice(0, line.indexOf(',"padding"')),
      );
      expect(new Set(keys).size).toBe(count);
      expect(keys.length).toBe(count);
      for (const _id of loners) {
        const text = EJSON.stringify({ _id }, { relaxed: false }).slice(0, -1);
        expect(keys).toContain(text);
      }
    },
  );
});
