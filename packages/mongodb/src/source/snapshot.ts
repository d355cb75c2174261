import { FirebreakError } from "@firebreak/archive";
import { BSON, MongoServerError } from "mongodb";
import { mapOf } from "../driver/bson-map.ts";
import type { ClusterTime } from "./cluster-time.ts";
import { isVersion, type MongodbSource } from "../driver/connect.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";
import type { Namespace } from "../driver/namespaces.ts";
import { Retry, type RetrySettings } from "../driver/retry.ts";
import { documentKey } from "./read-position.ts";
import { readConcernOf, readQuery } from "./read-range.ts";

/** The first version that reads at a cluster time outside a transaction (manual, "Read Concern snapshot"). */
const SNAPSHOT_SINCE = [5, 0] as const;

/** The number of documents in one reply. */
const BATCH_DOCUMENTS = 1000;

/** Server error codes: MongoDB's `error_codes.yml`. */
const GONE: ReadonlySet<unknown> = new Set([
  239, // SnapshotTooOld
  246, // SnapshotUnavailable
]);

/** The moment to read at (`at`), or to wait for before the read (`after`). */
export interface ReadMoment {
  readonly at?: ClusterTime | undefined;
  readonly after?: ClusterTime | undefined;
}

export function hasSnapshots(source: Pick<MongodbSource, "version">): boolean {
  return isVersion(source.version, SNAPSHOT_SINCE);
}

/** True if a read failed because the server cannot show that moment. A later moment may work. */
export function isSnapshotGone(error: unknown): boolean {
  if (error instanceof FirebreakError) return isSnapshotGone(error.cause);
  return error instanceof MongoServerError && GONE.has(error.code);
}

/**
 * True if the driver can express a key exactly. It cannot express a few, for example invalid UTF-8 and names
 * that occur twice.
 */
export function isSayableKey(key: Buffer): boolean {
  try {
    return Buffer.from(BSON.serialize(mapOf(key))).equals(key);
  } catch {
    return false;
  }
}

/**
 * Yields the documents of some keys, as raw BSON, each once.
 *
 * A key finds everything that the server treats as equal: 1 finds 1.0, and `a` finds `A` if the collation
 * says so.
 *
 * @param keys documents `{_id: …}` that `isSayableKey` accepts, no more than fit into one command.
 * @throws {FirebreakError} an error of mongodb. `isSnapshotGone` recognises those that a later moment may
 * cure.
 */
export async function* readKeys(
  source: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  keys: readonly Buffer[],
  moment: ReadMoment,
  settings: RetrySettings,
): AsyncGenerator<readonly Buffer[]> {
  const retry = new Retry(settings);
  const query = {
    find: ns.storedIn,
    filter: { _id: { $in: keys.map((key) => mapOf(key).get("_id")) } },
    readConcern: readConcernOf(moment),
  };
  const given = new Set<string>();
  for (;;)
    try {
      for await (const documents of readQuery(source, ns, query, BATCH_DOCUMENTS)) {
        const fresh = documents.filter((d) => {
          const key = documentKey(d).toString("latin1");
          return !given.has(key) && given.add(key);
        });
        retry.succeeded();
        yield fresh;
      }
      return;
    } catch (error) {
      await retry.waitAfter(error).catch((last: unknown) => {
        throw explainMongodb(last, source.server, ns.namespace);
      });
    }
}
