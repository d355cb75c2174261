import type { Estimate, Interval } from "../plan-record.ts";
import { DELTA_FACTOR, START_MS } from "./estimate.ts";

/** The changes that a delta onto an archive has to bring. */
export interface Since {
  readonly seconds: number;
  readonly writesPerSecond: number;
  readonly documents: number;
}

/**
 * Returns the estimate of a move that begins with an archive that exists: its export is that of a delta onto it, by
 * change stream. Pure.
 */
export function fromArchive(estimate: Estimate, { seconds, writesPerSecond, documents }: Since): Estimate {
  const changed = Math.min(1, (writesPerSecond * seconds) / Math.max(1, documents));
  const steps = estimate.steps.map((one) => {
    if (one.step !== "export") return one;
    const at = (bound: keyof Interval): number =>
      Math.round(START_MS + one.ms[bound] * Math.min(1, changed * DELTA_FACTOR[bound]));
    return { ...one, ms: { low: at("low"), high: at("high") } };
  });
  const sumOf = (bound: keyof Interval): number => steps.reduce((sum, { ms }) => sum + ms[bound], 0);
  return { ...estimate, steps, fullRunMs: { low: sumOf("low"), high: sumOf("high") } };
}
