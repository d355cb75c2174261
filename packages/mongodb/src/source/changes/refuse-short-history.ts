import { MongoServerError, type Timestamp } from "mongodb";
import { clusterTimeOf, compareTimes, type ClusterTime } from "../cluster-time.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import { explainMongodb, mongodbFault } from "../../driver/mongodb-faults.ts";
import { mongodbReason } from "../../driver/mongodb-reasons.ts";

/**
 * Refuses a moment before the oplog's first entry.
 *
 * A set that was initiated anew has no events from before that, and yet its stream opens without an error.
 * Only the oplog's first entry shows it, to users who may read it.
 *
 * @throws {FirebreakError} `change-stream-rolled`, or another error of mongodb.
 */
export async function refuseShortHistory(
  { client, server }: MongodbSource,
  since: ClusterTime,
): Promise<void> {
  const first = await client
    .db("local")
    .collection("oplog.rs")
    .findOne({}, { sort: { $natural: 1 }, projection: { ts: 1 } })
    .catch((error: unknown) => {
      if (error instanceof MongoServerError) return null;
      throw explainMongodb(error, server);
    });
  const ts = first?.["ts"] as Timestamp | undefined;
  if (ts === undefined) return;
  const begin = clusterTimeOf(ts.getHighBitsUnsigned(), ts.getLowBitsUnsigned());
  if (compareTimes(begin, since) > 0)
    throw mongodbFault("change-stream-rolled", {
      server,
      since,
      reason: mongodbReason("oplog-begins", { begin }),
    });
}
