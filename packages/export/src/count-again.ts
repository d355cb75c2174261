import { countDocuments, patiently, type MongodbSource } from "@firebreak/mongodb";
import type { Note, ReadCount } from "./export-source.ts";

/**
 * Holds what the ranges of each collection gave together against what the server
 * counts in the whole. On a quiet source the two are equal, which proves that the
 * ranges cover the collection; where they are not, it was written to meanwhile, and that is said.
 */
export async function* countAgain(
  source: MongodbSource,
  read: readonly ReadCount[],
  giveUpAfterMs: number,
): AsyncGenerator<Note> {
  for (const ns of read) {
    if (ns.kind === "view") continue;
    const counted = await patiently({ giveUpAfterMs }, () => countDocuments(source, ns, ns.documentCount));
    if (counted !== ns.documentCount)
      yield {
        kind: "note",
        code: "source-moved",
        fields: { namespace: ns.namespace, read: ns.documentCount, counted },
      };
  }
}
