import { countDocuments, withRetry, type MongodbSource } from "@firebreak/mongodb";
import type { Note } from "../export-notes.ts";
import type { ReadCount } from "../export-source.ts";

/**
 * Compares the documents that the ranges of each collection gave together with the server's count of the
 * whole collection. On a quiet source the two are equal, which proves that the ranges cover the collection.
 * If they differ, someone wrote to the collection meanwhile, and a note says so.
 */
export async function* countAgain(
  source: MongodbSource,
  read: readonly ReadCount[],
  giveUpAfterMs: number,
): AsyncGenerator<Note> {
  for (const ns of read) {
    if (ns.kind === "view") continue;
    const counted = await withRetry({ giveUpAfterMs }, () => countDocuments(source, ns, ns.documentCount));
    if (counted !== ns.documentCount)
      yield {
        kind: "note",
        code: "source-moved",
        fields: { namespace: ns.namespace, read: ns.documentCount, counted },
      };
  }
}
