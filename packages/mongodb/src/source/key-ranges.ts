import { asObject } from "@firebreak/archive";
import { canBeBorder, MAX_BORDER_TRIES } from "@firebreak/items";
import { BSON, MaxKey, MongoServerError, type Document } from "mongodb";
import { asSent } from "../driver/as-sent.ts";
import type { MongodbSource } from "../driver/connect.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";
import { storedIn, type Namespace } from "../driver/namespaces.ts";
import { withRetry, type RetrySettings } from "../driver/retry.ts";

/**
 * A range of a collection in the order of `_id`, from `min` to before `max`.
 *
 * Both bounds are BSON documents `{_id: …}` in base64, and missing at either end of the collection. A
 * collection without such an order is one range, in natural order.
 */
export interface KeyRange {
  readonly index: number;
  readonly order: "_id" | "natural";
  readonly min?: string;
  readonly max?: string;
}

/** The size of a collection as the server knows it without reading the documents. */
export interface CollectionSize {
  readonly documentCount: number;
  readonly averageBytes: number;
}

export async function collectionSize(
  source: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "collection" | "kind">,
): Promise<CollectionSize> {
  if (ns.kind === "view") return { documentCount: 0, averageBytes: 1 };
  try {
    const stats = await source.client.db(ns.database).command({ collStats: ns.collection });
    const buckets = asObject(stats["timeseries"]);
    const count = Number(buckets["bucketCount"] ?? stats["count"] ?? 0);
    const averageBytes = Number(buckets["avgBucketSize"] ?? stats["avgObjSize"] ?? 1);
    return { documentCount: count, averageBytes: Math.max(1, averageBytes) };
  } catch (error) {
    throw explainMongodb(error, source.server, ns.namespace);
  }
}

/**
 * Returns the number of documents in a collection.
 *
 * The number that servers keep beside the data can be wrong after a crash. If it is not the expected one, the
 * documents are counted.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function countDocuments(
  source: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "collection" | "kind">,
  expected: number,
): Promise<number> {
  try {
    const collection = source.client.db(ns.database).collection(storedIn(ns.kind, ns.collection));
    const estimated = await collection.estimatedDocumentCount();
    return estimated === expected ? estimated : await collection.countDocuments();
  } catch (error) {
    throw explainMongodb(error, source.server, ns.namespace);
  }
}

/**
 * Plans a collection's key ranges of `rangeDocuments` documents each. It walks the `_id` index alone, and
 * yields each range as soon as it is found.
 *
 * Ranges are bounds on the index (`min`, `max`), never a filter on `_id`: a comparison in a filter sees only
 * values of the bound's own type, and documents with `_id`s of other types would be lost (MongoDB manual,
 * "Comparison/Sort Order"). Each range begins where the previous one ends, so together they cover the
 * collection.
 *
 * @param after the last range of an earlier plan, to continue from it.
 */
export async function* planKeyRanges(
  source: MongodbSource,
  ns: Namespace,
  rangeDocuments: number,
  retry: RetrySettings,
  after?: KeyRange,
): AsyncGenerator<KeyRange> {
  if (!ns.hasIdOrder) {
    yield { index: 0, order: "natural" };
    return;
  }
  let min = after?.max;
  for (let index = after === undefined ? 0 : after.index + 1; ; index++) {
    const from: string | undefined = min;
    const max = await withRetry(retry, () => nextBorder(source, ns, from, rangeDocuments)).catch(
      (error: unknown) => {
        throw explainMongodb(error, source.server, ns.namespace);
      },
    );
    yield {
      index,
      order: "_id",
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
    };
    if (max === undefined) return;
    min = max;
  }
}

/**
 * Returns the commands that read a range, without their batch size.
 *
 * The last of several ranges needs one more command: a scan with only `min` ends before MaxKey, and a
 * document may have MaxKey as its `_id` (tried, 6.0.5).
 */
export function rangeQueries(ns: Pick<Namespace, "storedIn">, range: KeyRange): Document[] {
  if (range.min === undefined || range.max !== undefined) return [rangeQuery(ns, range)];
  const end = Buffer.from(BSON.serialize({ _id: new MaxKey() })).toString("base64");
  return [
    rangeQuery(ns, { ...range, max: end }),
    { find: ns.storedIn, filter: { _id: new MaxKey() }, hint: { _id: 1 } },
  ];
}

function rangeQuery(ns: Pick<Namespace, "storedIn">, range: KeyRange): Document {
  if (range.order === "natural") return { find: ns.storedIn, filter: {}, hint: { $natural: 1 } };
  return {
    find: ns.storedIn,
    filter: {},
    hint: { _id: 1 },
    ...(range.min === undefined ? {} : { min: boundOf(range.min) }),
    ...(range.max === undefined ? {} : { max: boundOf(range.max) }),
  };
}

/** The server's code for a range whose `min` is not before its `max`. */
const NOT_ASCENDING = 51175;

/**
 * True if the server sorts a range's `min` before its `max`.
 *
 * @throws {FirebreakError} any error of mongodb.
 */
export async function isAscending(
  source: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  range: KeyRange,
  retry: RetrySettings,
): Promise<boolean> {
  const query = { ...rangeQuery(ns, range), projection: { _id: 1 }, limit: 1, singleBatch: true };
  const ask = async (): Promise<boolean> => {
    await source.client.db(ns.database).command(query);
    return true;
  };
  return withRetry(retry, ask).catch((error: unknown) => {
    if (error instanceof MongoServerError && error.code === NOT_ASCENDING) return false;
    throw explainMongodb(error, source.server, ns.namespace);
  });
}

async function nextBorder(
  source: MongodbSource,
  ns: Namespace,
  min: string | undefined,
  skip: number,
): Promise<string | undefined> {
  const query = rangeQuery(ns, { index: 0, order: "_id", ...(min === undefined ? {} : { min }) });
  const reply = await source.client
    .db(ns.database)
    .command(
      { ...query, projection: { _id: 1 }, skip, limit: MAX_BORDER_TRIES, singleBatch: true },
      { fieldsAsRaw: { firstBatch: true } },
    );
  const { firstBatch } = asSent<{ firstBatch: Buffer[] }>(reply["cursor"]);
  return firstBatch.find((b) => b.toString("base64") !== min && canBeBorder(b))?.toString("base64");
}

function boundOf(bound: string): Document {
  return BSON.deserialize(Buffer.from(bound, "base64"), { promoteValues: false, bsonRegExp: true });
}
