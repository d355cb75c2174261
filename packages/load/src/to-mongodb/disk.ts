import type { CollectionWork } from "./collection-plan.ts";
import type { MongodbFinding, MongodbNote } from "./findings.ts";

/** What documents take in WiredTiger, indexes and oplog included, for each byte of their lines: little, and usual. */
const LEAST = 0.1;
const USUAL = 1;

/** Whether there is room for what is to come, where the server tells how much it has. */
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
