import { join } from "node:path";
import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentBytes, RawValue, stringBytes } from "@firebreak/testing/documents/document-bytes";
import { well } from "@firebreak/testing/recipes/outcome";
import { insertBytes } from "@firebreak/testing/documents/insert-bytes";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restored } from "@firebreak/testing/recipes/restored";
import { contentOf } from "@firebreak/testing/documents/database-content";

const MIB = 1 << 20;
const DOCUMENT = 0x03;
const ARRAY = 0x04;
const BOOLEAN = 0x08;

const id = (n: number): [string, unknown] => ["_id", new Int32(n)];
const ZERO = new Timestamp({ t: 0, i: 0 });
const BAD_UTF8 = new RawValue(0x02, stringBytes(Buffer.from([0x61, 0xff, 0xc0, 0x80, 0xed, 0xa0, 0x80])));

const ids: readonly unknown[] = [
  null,
  new MinKey(),
  new MaxKey(),
  new Int32(1),
  new Double(1.5),
  new Double(NaN),
  Long.fromString("9007199254740993"),
  Decimal128.fromString("1.10"),
  "",
  "NUL \0 and 长",
  new ObjectId("0102030405060708090a0b0c"),
  new Binary(Buffer.from("binary"), 0x80),
  true,
  new Date(-1),
  new Timestamp({ t: 0, i: 0 }),
  new Timestamp({ t: 1, i: 2 }),
  new Map<string, unknown>([
    ["b", new Int32(1)],
    ["1", new Int32(2)],
  ]),
  new Map(),
];

function nested(depth: number): Buffer {
  let document = documentBytes([["deep", new Int32(depth)]]);
  for (let level = 1; level < depth; level++)
    document = documentBytes([
      [level % 2 === 0 ? "a" : "0", new RawValue(level % 2 === 0 ? DOCUMENT : ARRAY, document)],
    ]);
  return document;
}

const collections = new Map<string, readonly Buffer[]>([
  [
    "ids",
    ids.map((_id, n) =>
      documentBytes([
        ["_id", _id],
        ["n", new Int32(n)],
      ]),
    ),
  ],
  [
    "odd",
    [
      documentBytes([
        id(1),
        ["a", "first"],
        ["a", "second"],
        [
          "b",
          new RawValue(
            DOCUMENT,
            documentBytes([
              ["x", 1],
              ["x", 2],
            ]),
          ),
        ],
      ]),
      documentBytes([id(2), ["bad", BAD_UTF8]]),
      documentBytes([
        id(3),
        ["1", new Int32(1)],
        ["a", new Int32(2)],
        ["0", new Int32(3)],
        ["__proto__", "name"],
      ]),
      documentBytes([id(4), ["", "empty name"], ["a.b", "dot"], ["$c", "dollar"], ["长", "name"]]),
      documentBytes([
        id(5),
        [
          "array",
          new RawValue(
            ARRAY,
            documentBytes([
              ["7", "no index"],
              ["x", 1],
            ]),
          ),
        ],
      ]),
      documentBytes([id(6), ["$oid", "0102030405060708090a0b0c"], ["o", { $numberInt: "1" }]]),
      documentBytes([id(7), ["nan", new RawValue(0x01, Buffer.from("010000000000f87f", "hex"))]]),
      documentBytes([id(8), ["date", new RawValue(0x09, Buffer.from("ffffffffffffff7f", "hex"))]]),
      documentBytes([id(9), ["undefined", new RawValue(0x06, Buffer.alloc(0))], ["minus", new Double(-0)]]),
      documentBytes([id(10), ["regex", new RawValue(0x0b, Buffer.from("a/\0xi\0"))]]),
      documentBytes([id(11), ["symbol", new RawValue(0x0e, stringBytes(Buffer.from("s")))]]),
      documentBytes([
        id(12),
        ["true", new RawValue(BOOLEAN, Buffer.from([1]))],
        ["old", new Binary(Buffer.from("x"), 2)],
      ]),
      documentBytes([id(13), ["within", { ts: ZERO }], ["one", new Timestamp({ t: 1, i: 0 })]]),
    ],
  ],
  ["deep", [documentBytes([id(1), ["d", new RawValue(DOCUMENT, nested(170))]])]],
  [
    "large",
    [
      documentBytes([id(1), ["v", "x".repeat(16 * MIB - 27)]]),
      documentBytes([id(2), ["v", "\0".repeat(15 * MIB)]]),
      documentBytes([id(3), ["v", "数".repeat(5 * MIB)]]),
      documentBytes([id(4), ["v", new Binary(Buffer.alloc(15 * MIB, 7))]]),
    ],
  ],
  ["tiny", Array.from({ length: 25_000 }, (_, n) => documentBytes([id(n)]))],
]);

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`documents that objects of JavaScript cannot hold${why}`, () => {
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let before: Awaited<ReturnType<typeof contentOf>>;

  beforeAll(async () => {
    source = await mongodbDatabase(ownName("exact"));
    place = await folder();
    const database = source.db.databaseName;
    for (const [name, documents] of collections)
      for (let n = 0; n < documents.length; n += name === "large" ? 1 : 5000)
        await insertBytes(
          urlOf("mongodb"),
          database,
          name,
          documents.slice(n, n + (name === "large" ? 1 : 5000)),
        );
    await insertZeroTimestamps();
    before = await contentOf(source.db);
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** The server puts its time into those of an insert; an update leaves them. */
  async function insertZeroTimestamps(): Promise<void> {
    for (const name of ["zeros", "zeros in raw lines"]) {
      const zeros = source.db.collection<{ _id: unknown }>(name);
      const _id = new Map<string, unknown>([
        ["b", 1],
        ["1", 2],
      ]);
      await zeros.insertMany([
        { _id: 1, a: 1, at: 0, z: 1 },
        { _id, at: 0 },
        { _id: ZERO, at: 0 },
      ] as never[]);
      const extra = name === "zeros" ? {} : { wrapped: { $oid: "0102030405060708090a0b0c" } };
      await zeros.updateMany({}, { $set: { at: ZERO, ...extra } });
    }
  }

  for (const server of ["mongodb", "standalone"] as const)
    test(`come back to the byte on a ${server === "mongodb" ? "replica set" : "standalone"}`, async () => {
      await using target = await mongodbDatabase(ownName("exact_restored"), server);
      const archive = join(place.path, server);
      await well(exported(archive, source.url));
      await well(restored(archive, target.url));
      const after = await contentOf(target.db);
      expect(Object.keys(after)).toEqual([
        "deep",
        "ids",
        "large",
        "odd",
        "tiny",
        "zeros",
        "zeros in raw lines",
      ]);
      expect(after).toEqual(before);
    });
});
