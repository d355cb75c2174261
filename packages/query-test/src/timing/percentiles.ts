/** Percentiles of times in milliseconds. All are 0 if nothing was timed. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Returns percentiles by nearest rank: each is a time that was measured. Rounded to a microsecond. */
export function percentilesOf(timesMs: readonly number[]): Percentiles {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (percent: number): number => {
    const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
    return Math.round((sorted[rank - 1] ?? 0) * 1000) / 1000;
  };
  return { p50Ms: at(50), p95Ms: at(95), p99Ms: at(99) };
}
