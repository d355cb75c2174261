import { wordsOf } from "@firebreak/archive";
import { MongoServerError, Timestamp } from "mongodb";
import type { MongodbSource } from "../../driver/connect.ts";
import { explainMongodb, mongodbFault, mongodbReason } from "../../driver/mongodb-faults.ts";
import { type ClusterTime, clusterTimeOf, compareTimes } from "../cluster-time.ts";

/** Server error codes: MongoDB's `error_codes.yml`. */
const CHANGE_STREAM_FATAL = 280;
const CHANGE_STREAM_HISTORY_LOST = 286;
const BSON_OBJECT_TOO_LARGE = 10334;

const MAX_REASON = 150;

/** Translates an error of a change stream that was read up to the moment `since`. */
export function explainStream(error: unknown, server: string, since: ClusterTime): unknown {
  const code = error instanceof MongoServerError ? error.code : undefined;
  if (code === CHANGE_STREAM_FATAL || code === CHANGE_STREAM_HISTORY_LOST)
    return mongodbFault("change-stream-rolled", { server, since, reason: wordsOf(error) }, error);
  if (code === BSON_OBJECT_TOO_LARGE) {
    // The server's message quotes the event, which is the thing that is too large.
    const reason = wordsOf(error).slice(0, MAX_REASON);
    return mongodbFault("change-stream-oversized", { server, reason }, error);
  }
  return explainMongodb(error, server, "the change stream");
}

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
  const ts: unknown = first?.["ts"];
  if (!(ts instanceof Timestamp)) return;
  const begin = clusterTimeOf(ts.getHighBitsUnsigned(), ts.getLowBitsUnsigned());
  if (compareTimes(begin, since) > 0)
    throw mongodbFault("change-stream-rolled", {
      server,
      since,
      reason: mongodbReason("oplog-begins", { begin }),
    });
}
