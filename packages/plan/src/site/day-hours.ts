import type { WrittenAt } from "@firebreak/profile";
import type { DayHours } from "./site-volume.ts";

/** Whole weeks, so that each day of the week counts as often as the others. */
export const RECENT_DAYS = 28;
export const DAY_MS = 86_400_000;
/** Documents are counted by the quarter of an hour: the offsets of all zones are multiples of it. */
export const QUARTER_MS = 900_000;
/** The number of hours in a row to choose a window from. */
const QUIET_HOURS = 3;
const HOURS = 24;

/** Returns the days of which documents are recent. Undefined if all are of one day: they tell of an import. */
export function recentDays({ fromMs, untilMs }: { fromMs: number; untilMs: number }): number | undefined {
  const days = Math.min(RECENT_DAYS, (untilMs - fromMs) / DAY_MS);
  return days < 1 ? undefined : days;
}

/** Adds up the hours of the day. Pure. */
export function dayHours(
  times: readonly WrittenAt[],
  hourOf: (ms: number) => number,
  of: Pick<DayHours, "zone" | "until" | "days">,
): DayHours {
  const documents = Array.from({ length: HOURS }, () => 0);
  for (const { ms, documents: written } of times) documents[hourOf(ms)]! += written;
  return { ...of, documents, quietest: quietestOf(documents) };
}

function quietestOf(documents: readonly number[]): number[] {
  const stretches = documents.map((_, first) =>
    Array.from({ length: QUIET_HOURS }, (__, i) => (first + i) % HOURS),
  );
  const written = (hours: readonly number[]): number => hours.reduce((sum, h) => sum + documents[h]!, 0);
  return stretches.reduce((least, one) => (written(one) < written(least) ? one : least));
}
