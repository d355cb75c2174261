import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { IndexUse } from "../plan-record.ts";
import type { Counters } from "./watch.ts";

/** Reads how much a server was used since it started. Needs the action serverStatus. Throws the driver's errors. */
export async function mongodbCounters(source: MongodbSource): Promise<Counters> {
  const status = await source.client.db("admin").command({ serverStatus: 1 });
  const { query, getmore, command, insert, update, delete: removed } = countsOf(status["opcounters"]);
  return {
    // Aggregations and counts are commands, and so are the server's own.
    reads: query + getmore + command,
    writes: insert + update + removed,
    connections: countsOf(status["connections"])["current"] ?? 0,
  };
}

/** Returns the numbers in a part of a server's status. Counts of operations that it lacks are 0. */
export function countsOf(found: unknown): Record<string, number> & Record<OpCounter, number> {
  const none = { query: 0, getmore: 0, command: 0, insert: 0, update: 0, delete: 0 };
  if (typeof found !== "object" || found === null) return none;
  return { ...none, ...Object.fromEntries(Object.entries(found).map(([name, n]) => [name, Number(n)])) };
}

type OpCounter = "query" | "getmore" | "command" | "insert" | "update" | "delete";

/** The part of `$indexStats` that counts (manual, "$indexStats"). */
interface IndexStats {
  readonly name: string;
  readonly accesses: { readonly ops: unknown; readonly since: Date };
}

/** Reads how often each index served. Throws the driver's errors, where the login may not see it. */
export async function indexUse(source: MongodbSource, namespaces: readonly Namespace[]): Promise<IndexUse[]> {
  const found: IndexUse[] = [];
  for (const ns of namespaces) {
    if (ns.kind !== "collection") continue;
    const collection = source.client.db(ns.database).collection(ns.collection);
    const stats = await collection.aggregate<IndexStats>([{ $indexStats: {} }]).toArray();
    for (const { name, accesses } of stats)
      found.push({
        namespace: ns.namespace,
        index: name,
        uses: Number(accesses.ops),
        since: accesses.since.toISOString(),
      });
  }
  return found;
}

/**
 * Returns how many hours the oplog reaches back, or will when it is full. Undefined on a standalone, and where it has
 * too little yet to tell. Throws the driver's errors.
 */
export async function oplogHours(source: MongodbSource): Promise<number | undefined> {
  if (!source.isReplicaSet) return undefined;
  const hours = ((await oplogSeconds(source, -1)) - (await oplogStart(source))) / 3600;
  const [stats] = await source.client
    .db("local")
    .collection("oplog.rs")
    .aggregate<{ storageStats: { size: unknown; maxSize: unknown } }>([{ $collStats: { storageStats: {} } }])
    .toArray();
  const full = Number(stats?.storageStats.size) / Number(stats?.storageStats.maxSize);
  return full >= LEAST_FULL ? hours / Math.min(1, full) : undefined;
}

/** The part of an oplog that must be filled to tell how long it will last. */
const LEAST_FULL = 0.1;

/** Returns the time of the oldest entry of a replica set's oplog, in seconds since 1970. Throws the driver's errors. */
export async function oplogStart(source: MongodbSource): Promise<number> {
  return oplogSeconds(source, 1);
}

async function oplogSeconds({ client }: MongodbSource, order: 1 | -1): Promise<number> {
  const oplog = client.db("local").collection<{ ts: { getHighBits(): number } }>("oplog.rs");
  const entry = await oplog
    .find({}, { projection: { ts: 1 } })
    .sort({ $natural: order })
    .limit(1)
    .next();
  return entry?.ts.getHighBits() ?? 0;
}
