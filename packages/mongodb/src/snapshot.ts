import { FirebreakError } from "@firebreak/archive";
import { BSON, MongoServerError, type Document } from "mongodb";
import { mapOf } from "./bson-map.ts";
import type { ClusterTime } from "./cluster-time.ts";
import type { MongodbSource } from "./connect.ts";
import { explainMongodb } from "./mongodb-faults.ts";
import type { Namespace } from "./namespaces.ts";
import { Patience, type PatienceSettings } from "./patience.ts";
import { documentKey } from "./read-position.ts";
import { readConcernOf, readQuery } from "./read-range.ts";
import { isVersion } from "./server-version.ts";

/** The first version that reads at a cluster time outside a transaction (manual, "Read Concern snapshot"). */
const SNAPSHOT_SINCE = [5, 0] as const;

/** Documents asked for at once. */
const BATCH_DOCUMENTS = 1000;

/** Server error codes: MongoDB's `error_codes.yml`. */
const GONE: ReadonlySet<unknown> = new Set([
  239, // SnapshotTooOld
  246, // SnapshotUnavailable
]);

/** The moment that reads are of, or come after. */
export interface ReadMoment {
  readonly at?: ClusterTime | undefined;
  readonly after?: ClusterTime | undefined;
}

export function hasSnapshots(source: MongodbSource): boolean {
  return isVersion(source.version, SNAPSHOT_SINCE);
}

/** Whether a read failed because the server can no longer, or not yet, show that moment: a later one may do. */
export function isSnapshotGone(error: unknown): boolean {
  if (error instanceof FirebreakError) return isSnapshotGone(error.cause);
  return error instanceof MongoServerError && GONE.has(error.code);
}

/**
 * Whether a key can be asked for: a few the driver cannot say, invalid UTF-8 and
 * names that come twice among them.
 */
export function isSayableKey(key: Buffer): boolean {
  try {
    return Buffer.from(BSON.serialize(mapOf(key) as unknown as Document)).equals(key);
  } catch {
    return false;
  }
}

/**
 * The documents of some keys, as raw BSON, each once. A key finds what the server
 * takes for equal: 1 finds 1.0, and `a` finds `A` where the collation says so.
 *
 * @param keys documents `{_id: …}` that are all sayable; so many as one command may have.
 * @throws {FirebreakError} of mongodb; `isSnapshotGone` knows those that a later moment may mend.
 */
export async function* readKeys(
  source: MongodbSource,
  ns: Pick<Namespace, "namespace" | "database" | "storedIn">,
  keys: readonly Buffer[],
  moment: ReadMoment,
  settings: PatienceSettings,
): AsyncGenerator<readonly Buffer[]> {
  const patience = new Patience(settings);
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
        patience.succeeded();
        yield fresh;
      }
      return;
    } catch (error) {
      await patience.bear(error).catch((last: unknown) => {
        throw explainMongodb(last, source.server, ns.namespace);
      });
    }
}
