import { MongoServerError } from "mongodb";
import { wordsOf } from "@firebreak/archive";
import type { ClusterTime } from "../cluster-time.ts";
import { explainMongodb, mongodbFault } from "../../driver/mongodb-faults.ts";

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
