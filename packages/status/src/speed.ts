import type { Arrival } from "@firebreak/target";

/** The length of time over which a speed is measured, ending with the last part loaded. */
const WINDOW_MS = 5 * 60_000;

/**
 * Returns the rows per second over the last minutes in which parts were loaded. The first part only marks the
 * start of that time, because nobody knows when its own rows were begun.
 *
 * @param nowMs the time by the target's clock, if a load is at work: then the time since the last part counts
 * too.
 * @returns undefined if there is no time to measure.
 */
export function rowsPerSecond(
  arrivals: readonly Pick<Arrival, "loadedAtMs" | "rowCount">[],
  nowMs: number | undefined,
): number | undefined {
  const lastMs = arrivals.reduce((last, a) => Math.max(last, a.loadedAtMs), -Infinity);
  const recent = arrivals.filter((a) => a.loadedAtMs >= lastMs - WINDOW_MS);
  const firstMs = recent.reduce((first, a) => Math.min(first, a.loadedAtMs), Infinity);
  const rows = recent.reduce((sum, a) => sum + (a.loadedAtMs > firstMs ? a.rowCount : 0), 0);
  const seconds = (Math.max(lastMs, nowMs ?? lastMs) - firstMs) / 1000;
  return rows === 0 || seconds <= 0 ? undefined : rows / seconds;
}
