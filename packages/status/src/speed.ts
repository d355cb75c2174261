/** How far back a speed is measured, from the last part that came in. */
const WINDOW_MS = 5 * 60_000;

/** A part that came in. */
export interface Arrival {
  readonly loadedAtMs: number;
  readonly rowCount: number;
}

/**
 * Rows a second over the last minutes in which parts came in. The first part of
 * that time only marks its beginning: when its own rows were begun nobody knows.
 *
 * @param nowMs by the target's clock, where a load is at work: then the time since the last part counts too.
 * @returns undefined where there is nothing to measure between.
 */
export function rowsPerSecond(arrivals: readonly Arrival[], nowMs: number | undefined): number | undefined {
  const lastMs = arrivals.reduce((last, a) => Math.max(last, a.loadedAtMs), -Infinity);
  const recent = arrivals.filter((a) => a.loadedAtMs >= lastMs - WINDOW_MS);
  const firstMs = recent.reduce((first, a) => Math.min(first, a.loadedAtMs), Infinity);
  const rows = recent.reduce((sum, a) => sum + (a.loadedAtMs > firstMs ? a.rowCount : 0), 0);
  const seconds = (Math.max(lastMs, nowMs ?? lastMs) - firstMs) / 1000;
  return rows === 0 || seconds <= 0 ? undefined : rows / seconds;
}
