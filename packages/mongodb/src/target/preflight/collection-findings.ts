import { unlikeDefinition } from "../../definitions/unlike-definition.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { Namespace } from "../../driver/namespaces.ts";
import { countDocuments } from "../../source/key-ranges.ts";
import { type CollectionWork, countsOf, type PlannedCollection } from "../collection-plan.ts";
import { expires } from "../collections/build-indexes.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { LoadLedger } from "../ledger/load-ledger.ts";
import type { MongodbFinding } from "./findings.ts";

/** Returns the reasons in an existing collection, and in the ledger, against loading into it. */
export async function collectionFindings(
  target: MongodbSource,
  work: CollectionWork,
  found: Namespace | undefined,
  loads: LoadLedger,
  restores: Ledger,
): Promise<MongodbFinding[]> {
  const { planned, state } = work;
  const { namespace, collection } = planned;
  if (restores.states.has(collection)) return [{ what: "restore-unfinished", namespace }];
  const wrong = ledgerFindings(planned, loads);
  if (wrong !== undefined) return [wrong];
  if (found?.kind === "view" || found?.kind === "timeseries")
    return [differs(namespace, "kind", planned.kind, found.kind)];
  const documentCount =
    found === undefined ? 0 : await countDocuments(target, planned, countsOf(work.done).digest.rowCount);
  if (state === undefined && documentCount > 0) return [{ what: "collection-taken", namespace }];
  const counts = state === undefined ? [] : countFindings(work, documentCount);
  const isOurs = state !== undefined;
  return [...counts, ...(found === undefined ? [] : likenessFindings(planned, found, isOurs))];
}

/**
 * Checks the number of documents. In a half-loaded collection, any number of the missing parts' may be in.
 */
function countFindings({ planned, done, todo }: CollectionWork, found: number): MongodbFinding[] {
  const { rowCount } = countsOf(done).digest;
  // These count too, since a replay that was cut off may have loaded some.
  const replayed = done.flatMap(({ ledger }) =>
    ledger.isReplaying === true ? (ledger.quarantine ?? []) : [],
  );
  const most = [...todo, ...replayed].reduce((sum, part) => sum + part.lineCount, rowCount);
  const isSound = found <= most && (found >= rowCount || expires(planned));
  return isSound ? [] : [{ what: "ledger-documents", namespace: planned.namespace, ledger: rowCount, found }];
}

/**
 * Finds differences from the archive that would let documents in or out which the archive would not.
 *
 * @param isOurs a load of ours has begun: a changed validator may be what lets the remaining documents in.
 * @param dropped the names of indexes that are about to be dropped.
 */
export function likenessFindings(
  planned: PlannedCollection,
  found: Namespace,
  isOurs: boolean,
  dropped: readonly string[] = [],
): MongodbFinding[] {
  const { namespace } = planned;
  const isDropped = (name: string): boolean => dropped.includes(String(JSON.parse(name)));
  return unlikeDefinition(planned, found).flatMap((unlike): MongodbFinding[] => {
    if ("name" in unlike && isDropped(unlike.name)) return [];
    switch (unlike.what) {
      case "validation":
        return isOurs ? [] : [differs(namespace, "options", unlike.expected, unlike.found)];
      case "kind":
      case "options":
      case "index":
        return [differs(namespace, unlike.what, unlike.expected, unlike.found)];
      case "index-extra":
        if (unlike.found.includes('"unique":true'))
          return [{ what: "unique-index", namespace, index: unlike.name }];
        return unlike.found.includes('"expireAfterSeconds"')
          ? [{ what: "expiring-index", namespace, index: unlike.name }]
          : [];
      // The load builds it.
      case "index-missing":
        return [];
    }
  });
}

/** Returns the finding for one difference between a collection and the archive's. */
export function differs(
  namespace: string,
  what: "kind" | "options" | "index",
  expected: string,
  found: string,
): MongodbFinding {
  return { what: "collection-differs", namespace, differs: what, expected, found };
}

/** Finds ledger entries of a collection that no load of this archive made; undefined if there are none. */
function ledgerFindings(
  { namespace, collection, contentSha256, source }: PlannedCollection,
  { collections, parts }: LoadLedger,
): MongodbFinding | undefined {
  const state = collections.get(collection);
  const entries = parts.filter((p) => p.collection === collection);
  if (state === undefined && entries.length === 0) return undefined;
  if (state?.contentSha256 !== contentSha256)
    return { what: "ledger-foreign", namespace, part: entries[0]?.file };
  const known = new Map(source.parts.map((p) => [p.file, p]));
  for (const { file, plainSha256, digest, quarantine } of entries) {
    const part = known.get(file);
    if (part?.plainSha256 !== plainSha256) return { what: "ledger-foreign", namespace, part: file };
    // Someone may have edited it: documents of the part would then be missing without a word.
    if (!(digest?.rowCount >= 0) || digest.rowCount + (quarantine?.lineCount ?? 0) !== part.lineCount)
      return { what: "ledger-counts", namespace, part: file };
  }
  return undefined;
}
