import type { LoadLedger } from "../ledger/load-ledger.ts";
import type { PlannedCollection } from "../collection-plan.ts";
import type { MongodbFinding } from "./findings.ts";

/** Finds ledger entries of a collection that no load of this archive made; undefined if there are none. */
export function ledgerFindings(
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
