import type { LoadLedger } from "@firebreak/mongodb";
import type { PlannedCollection } from "./collection-plan.ts";
import type { MongodbFinding } from "./findings.ts";

/** Why the ledger's entries for a collection are not those of a load of this archive; undefined where they are. */
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
    // Somebody may have edited it: then documents of the part would be missing in silence.
    if (!(digest?.rowCount >= 0) || digest.rowCount + (quarantine?.lineCount ?? 0) !== part.lineCount)
      return { what: "ledger-counts", namespace, part: file };
  }
  return undefined;
}
