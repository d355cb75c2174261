import { MongoServerError, ObjectId, type Document } from "mongodb";
import { explainMongodb, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import type { Volume } from "../plan-record.ts";

const DAY_MS = 86_400_000;
const GROWTH_DAYS = 30;
/** Counting the documents of a month walks an index. A plan gives up rather than load a busy server. */
const COUNT_MS = 10_000;

/**
 * Reads the sizes of collections, from the server's own statistics.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function mongodbVolume(
  source: MongodbSource,
  namespaces: readonly Namespace[],
  nowMs: number,
): Promise<Volume[]> {
  const volumes: Volume[] = [];
  for (const ns of namespaces) {
    if (ns.kind === "view") continue;
    try {
      const collection = source.client.db(ns.database).collection(ns.storedIn);
      // A cluster gives one for each shard.
      const stats = await collection
        .aggregate<{ storageStats: Document }>([{ $collStats: { storageStats: {} } }])
        .toArray();
      const sum = (name: string): number =>
        stats.reduce((total, { storageStats }) => total + Number(storageStats[name] ?? 0), 0);
      const perDay = ns.kind === "collection" ? await growth(source, ns, nowMs) : undefined;
      volumes.push({
        kind: "collection",
        database: ns.database,
        name: ns.collection,
        items: sum("count"),
        bytes: sum("size"),
        indexBytes: sum("totalIndexSize"),
        ...(perDay === undefined ? {} : { itemsPerDay: perDay }),
      });
    } catch (error) {
      throw explainMongodb(error, source.server, ns.namespace);
    }
  }
  return volumes;
}

/** Returns the new documents of a day. Undefined if `_id` is no ObjectId, or counting would take too long. */
async function growth(source: MongodbSource, ns: Namespace, nowMs: number): Promise<number | undefined> {
  const collection = source.client.db(ns.database).collection(ns.collection);
  const ends = await Promise.all(
    ([1, -1] as const).map((order) =>
      collection
        .find({}, { projection: { _id: 1 } })
        .sort({ _id: order })
        .limit(1)
        .next(),
    ),
  );
  const [first, last] = ends.map((end): unknown => end?._id);
  if (!(first instanceof ObjectId) || !(last instanceof ObjectId)) return undefined;
  const fromMs = Math.max(nowMs - GROWTH_DAYS * DAY_MS, first.getTimestamp().getTime());
  const days = (nowMs - fromMs) / DAY_MS;
  // Documents that were all made today tell of an import, and of no growth.
  if (days < 1) return undefined;
  const since = ObjectId.createFromTime(Math.floor(fromMs / 1000));
  try {
    const found = await collection.countDocuments(
      { _id: { $gte: since } },
      { hint: { _id: 1 }, maxTimeMS: COUNT_MS },
    );
    return found / days;
  } catch (error) {
    if (error instanceof MongoServerError && error.codeName === "MaxTimeMSExpired") return undefined;
    throw error;
  }
}
