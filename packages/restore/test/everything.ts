import { Double, Int32, Long, ObjectId, Timestamp } from "bson";
import type { Db } from "mongodb";

const names = (...fields: readonly (readonly [string, unknown])[]): Map<string, unknown> => new Map(fields);

/** Every kind of index and option of one. */
const INDEXES = [
  { key: names(["b", 1], ["1", -1], ["a", 1]), name: "integer-like names keep their place" },
  { key: names(["unique", 1]), name: "unique", unique: true, sparse: true },
  { key: names(["double", new Double(1)]), name: "double" },
  { key: names(["long", Long.fromNumber(-1)]), name: "long" },
  { key: names(["half", new Double(0.5)]), name: "half" },
  { key: names(["partial", 1]), name: "partial", partialFilterExpression: { a: { $gt: new Int32(5) } } },
  { key: names(["at", 1]), name: "ttl", expireAfterSeconds: 1_000_000_000 },
  { key: names(["hidden", 1]), name: "hidden", hidden: true },
  {
    key: names(["before", 1], ["text", "text"], ["after", -1]),
    name: "text",
    weights: { text: 10, other: 2 },
    default_language: "german",
    language_override: "lang",
    textIndexVersion: 2,
  },
  { key: names(["sphere", "2dsphere"], ["x", 1]), name: "sphere", "2dsphereIndexVersion": 2 },
  { key: names(["flat", "2d"]), name: "flat", bits: 20, min: new Double(-200.5), max: 200 },
  { key: names(["hashed", "hashed"]), name: "hashed" },
  { key: names(["$**", 1]), name: "wild", wildcardProjection: { a: 1, "b.c": 1 } },
  { key: names(["under.$**", 1]), name: "wild-below" },
  { key: names(["collated", 1]), name: "collated", collation: { locale: "fr", backwards: true } },
  { key: names(["simple", 1]), name: "simple", collation: { locale: "simple" } },
  { key: names(["old", 1]), name: "old", v: 1 },
  { key: names(["background", 1]), name: "background", background: true },
];

/** Fills a database with every kind of collection, index and option that MongoDB 6 has. */
export async function fillWithEverything(db: Db): Promise<void> {
  await db.collection<{ _id: number }>("indexed").insertMany(
    Array.from({ length: 500 }, (_, i) => ({
      _id: i,
      unique: i,
      at: new Date(Date.now() + i),
      text: `Wort ${i}`,
      sphere: { type: "Point", coordinates: [i % 90, i % 45] },
      flat: [i % 100, i % 50],
      collated: ["cote", "côte", "coté"][i % 3],
    })),
  );
  await db.command({ createIndexes: "indexed", indexes: INDEXES });
  await db.createCollection("empty");
  await fillValidated(db);
  await fillOrdered(db);
  await db.createCollection("clustered", {
    clusteredIndex: { key: { _id: 1 }, unique: true, name: "by date" },
    expireAfterSeconds: 1_000_000_000,
  });
  await db.collection<{ _id: unknown }>("clustered").insertMany([{ _id: new Date() }, { _id: 7 }]);
  await fillTimeSeries(db);
  await db.createCollection("images", { changeStreamPreAndPostImages: { enabled: true } });
  await db.createCollection("engine", {
    storageEngine: { wiredTiger: { configString: "block_compressor=zlib" } },
  });
  await fillViews(db);
}

/** Documents that their own validator would refuse today, under a collation of the collection's. */
async function fillValidated(db: Db): Promise<void> {
  await db.createCollection("validated", {
    validator: { $jsonSchema: { required: ["name"] }, $expr: { $lt: ["$low", "$high"] } },
    validationLevel: "moderate",
    validationAction: "error",
    collation: { locale: "de", strength: 2 },
  });
  await db.command({
    insert: "validated",
    documents: [{ _id: "ß" }, { _id: null }, { _id: "b", low: 2, high: 1 }],
    bypassDocumentValidation: true,
  });
}

/** Ids descend, and the first documents have been overwritten. */
async function fillOrdered(db: Db): Promise<void> {
  await db.createCollection("log", { capped: true, size: 100_000, max: 300 });
  for (let i = 500; i > 0; i--) await db.collection<{ _id: number }>("log").insertOne({ _id: i });
  await db.collection("log").createIndex({ text: 1 });
}

async function fillTimeSeries(db: Db): Promise<void> {
  const start = Date.UTC(2026, 0, 1);
  const measurements = Array.from({ length: 5000 }, (_, i) => ({
    at: new Date(start + i * 1000),
    sensor: { name: `s${i % 3}`, floor: i % 2 },
    value: i / 7,
    // Not unique in time-series collections.
    _id: new ObjectId(String(i % 10).padStart(24, "0")),
  }));
  await db.createCollection("readings", {
    timeseries: { timeField: "at", metaField: "sensor", granularity: "minutes" },
    expireAfterSeconds: 1_000_000_000,
  });
  await db.collection("readings").insertMany(measurements);
  await db.collection("readings").createIndex({ "sensor.name": 1, at: -1 });
  await db.createCollection("plain_readings", { timeseries: { timeField: "at" } });
  await db.collection("plain_readings").insertMany(measurements);
}

/** Views on views, and named so that a view comes before what it is made of. */
async function fillViews(db: Db): Promise<void> {
  const collation = { locale: "de" };
  await db.createCollection("view of log", {
    viewOn: "log",
    pipeline: [
      { $lookup: { from: "validated", localField: "a", foreignField: "b", as: "c", pipeline: [] } },
      { $facet: { all: [{ $unionWith: "empty" }] } },
    ],
    collation,
  });
  await db.createCollection("a view of the view", {
    viewOn: "view of log",
    pipeline: [{ $match: { t: new Timestamp({ t: 1, i: 2 }) } }],
    collation,
  });
}
