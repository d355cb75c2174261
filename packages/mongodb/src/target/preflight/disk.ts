import type { CollectionWork } from "../collection-plan.ts";
import type { MongodbFinding, MongodbNote } from "./findings.ts";

/**
 * WiredTiger's bytes for each byte of a document's line, with indexes and oplog: the least, and the usual.
 */
const LEAST = 0.1;
const USUAL = 1;

/** Checks that there is room for the documents, if the server tells how much it has. */
export function diskFindings(
  work: readonly Pick<CollectionWork, "todo">[],
  free: number | undefined,
): { findings: MongodbFinding[]; notes: MongodbNote[] } {
  const plainBytes = work.flatMap((w) => w.todo).reduce((sum, part) => sum + part.plainBytes, 0);
  const needed = Math.ceil(plainBytes * USUAL);
  if (free === undefined || free >= needed) return { findings: [], notes: [] };
  return free < plainBytes * LEAST
    ? { findings: [{ what: "disk-small", needed, free }], notes: [] }
    : { findings: [], notes: [{ code: "load-disk-mongodb", fields: { needed, free } }] };
}
