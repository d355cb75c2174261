import { compareTimes } from "@firebreak/mongodb";
import type { ChangeLog } from "./change-log.ts";
import type { SettledMoment } from "./settle.ts";
import type { StreamTask } from "./stream-plan.ts";

/**
 * Returns true if a collection that was read as of a moment was replaced since. Such a read finds nothing in
 * a collection that is gone, and no error says so (tried, 6.0.5).
 */
export function isGoneSince(log: ChangeLog, { time }: SettledMoment, tasks: readonly StreamTask[]): boolean {
  const read = tasks.flatMap((t) => (t.kind === "dropped" ? [] : [t.ns]));
  return log.redefinitions.some(
    ({ time: at, database, collection, isReplaced }) =>
      isReplaced &&
      compareTimes(at, time) > 0 &&
      read.some(
        (ns) => ns.database === database && (collection === undefined || ns.collection === collection),
      ),
  );
}

/**
 * Returns true if a capped collection was written to since: those are read as they are now, not as they were.
 */
export function isCappedSince(
  log: ChangeLog,
  { time }: SettledMoment,
  tasks: readonly StreamTask[],
): boolean {
  return tasks.some(
    (t) => t.kind !== "dropped" && t.ns.kind === "capped" && log.isTouchedSince(t.ns.namespace, time),
  );
}
