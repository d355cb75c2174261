import { MongoServerError } from "mongodb";
import { reasonOf, type Reason } from "@firebreak/archive";
import { explainMongodb, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import type { CountedGroup } from "@firebreak/profile";
import type { SiteBudget } from "./site-budget.ts";

/** A collection with more groups than this is given up: memory stays bounded. */
const MOST_GROUPS = 200_000;

/** The groups of a collection, or the reason why the server did not count them. */
export type Counted =
  | { readonly groups: readonly CountedGroup[] }
  /** Without a reason there was no time left, or there were too many groups. */
  | { readonly reason: Reason | undefined };

/**
 * Has a server count documents by an expression. It needs no more than `read`, and no space on the server's disk.
 *
 * @throws {FirebreakError} any error of mongodb, apart from those of the aggregation itself.
 */
export async function countGroups(
  source: MongodbSource,
  ns: Namespace,
  by: { readonly match: Readonly<Record<string, unknown>>; readonly groupBy: unknown },
  budget: SiteBudget,
): Promise<Counted> {
  const maxTimeMS = budget.next();
  if (maxTimeMS === undefined) return { reason: undefined };
  const pipeline = [
    { $match: by.match },
    { $group: { _id: by.groupBy, documents: { $sum: 1 }, bytes: { $sum: { $bsonSize: "$$ROOT" } } } },
  ];
  // A name of the wrong encoding is one of the groups, and no reason to stop.
  const how = { maxTimeMS, allowDiskUse: false, enableUtf8Validation: false };
  const groups: CountedGroup[] = [];
  try {
    const cursor = source.client.db(ns.database).collection(ns.storedIn).aggregate(pipeline, how);
    for await (const group of cursor) {
      if (groups.length === MOST_GROUPS) return { reason: undefined };
      groups.push({
        key: group["_id"],
        documents: Number(group["documents"]),
        bytes: Number(group["bytes"]),
      });
    }
  } catch (error) {
    if (error instanceof MongoServerError) return { reason: reasonOf(error) };
    throw explainMongodb(error, source.server, ns.namespace);
  }
  return { groups };
}
