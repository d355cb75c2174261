import { STEPS, type Estimate, type Interval, type StepEstimate, type StepName } from "../plan-record.ts";
import type { Measured } from "./measure.ts";

/**
 * The interval around the time that a line through two measurements gives. Its end is less than twice its start. Most of
 * it is below the line: code gets faster while it runs, and with 100,000 to a million messages all steps together took
 * 0.73 to 0.86 of what the line says.
 */
const MEASURED: Interval = { low: 0.62, high: 1.22 };
/**
 * The time of a step that is not measured, as a multiple of the transform's. With a million messages, load was seen to
 * take 1.4 to 2.1 times as long, and checksum 0.2 to 0.4 times; other tables and disks differ more.
 */
const GUESSED: Readonly<Record<"load" | "checksum", Interval>> = {
  load: { low: 0.8, high: 2.4 },
  checksum: { low: 0.15, high: 0.6 },
};
/** The start of a step's process, with its connections. A probe runs the steps without it. */
export const START_MS = 500;
/** The time between the delta before the last and the last one, in which the application writes. */
const BETWEEN_SECONDS = 600;
/**
 * The time in which a server counts a row, and how often a delta has all rows counted. MySQL 9.7 took 60 ns in memory and
 * 160 ns from the disk.
 */
const COUNT_NS = 100;
const COUNTS = 2;
/** A delta makes several rows of a document, looks keys up, and writes in random order. */
export const DELTA_FACTOR: Interval = { low: 1, high: 6 };

/** The size of all that is to be moved. */
export interface Whole {
  readonly bytes: number;
  readonly documents: number;
  readonly writesPerSecond: number;
  /** False if the last delta has to read everything, as that of a standalone. */
  readonly hasChangeStream: boolean;
  readonly hasBinaryLog: boolean;
  /** Computes the space of rows at the target from their CSV and the entries of their indexes. */
  spaceOf(csvBytes: number, indexEntries: number): number;
}

/** Estimates times and space from the measurements of a smaller and a larger sample. Pure. */
export function estimate(small: Measured, large: Measured, whole: Whole): Estimate {
  const steps = STEPS.map((step) => stepEstimate(step, small, large, whole.bytes));
  const factor = large.bytes === 0 ? 0 : whole.bytes / large.bytes;
  const csvBytes = large.csvBytes * factor;
  const byRows = whole.spaceOf(csvBytes, large.indexEntries * factor);
  return {
    steps,
    fullRunMs: sumOf(steps.map(({ ms }) => ms)),
    windowMs: windowOf(steps, large, whole),
    diskBytes: {
      archive: Math.ceil(large.archiveBytes * factor),
      // Progress, sorted runs and quarantine; a delta keeps the keys of its changes there.
      work: Math.ceil(Math.max(16 << 20, large.archiveBytes * factor * 0.1)),
      target: Math.ceil(Math.max(byRows, (large.storedBytes ?? 0) * factor)),
      binaryLog: whole.hasBinaryLog ? Math.ceil(csvBytes) : 0,
    },
  };
}

function stepEstimate(step: StepName, small: Measured, large: Measured, bytes: number): StepEstimate {
  const measured = lineAt(small.ms[step], large.ms[step], [small.bytes, large.bytes], bytes);
  if (measured !== undefined) return { step, ms: times(MEASURED, START_MS + measured), isMeasured: true };
  const transform = lineAt(small.ms.transform, large.ms.transform, [small.bytes, large.bytes], bytes) ?? 0;
  const guessed = step === "load" || step === "checksum" ? GUESSED[step] : MEASURED;
  return { step, ms: times(guessed, START_MS + transform), isMeasured: false };
}

/**
 * Returns the value at `bytes` of the line through two measurements. It goes through zero if it falls otherwise, or if
 * there is no smaller one, as of a rehearsal.
 */
function lineAt(
  small: number | undefined,
  large: number | undefined,
  [smallBytes, largeBytes]: readonly [number, number],
  bytes: number,
): number | undefined {
  if (large === undefined) return undefined;
  if (bytes <= largeBytes) return large;
  const slope = small === undefined ? 0 : (large - small) / (largeBytes - smallBytes);
  return largeBytes > smallBytes && slope > 0
    ? large + slope * (bytes - largeBytes)
    : (large * bytes) / Math.max(1, largeBytes);
}

function windowOf(steps: readonly StepEstimate[], large: Measured, whole: Whole): Interval {
  const perDocument = (bound: keyof Interval): number =>
    steps.reduce((sum, { ms }) => sum + ms[bound], 0) / Math.max(1, whole.documents);
  const changed = Math.max(large.documents === 0 ? 0 : 1, whole.writesPerSecond * BETWEEN_SECONDS);
  const fixed = STEPS.length * START_MS + (whole.documents * COUNT_NS * COUNTS) / 1e6;
  const reading = whole.hasChangeStream
    ? { low: 0, high: 0 }
    : steps.find(({ step }) => step === "export")!.ms;
  const at = (bound: keyof Interval): number =>
    fixed * (bound === "low" ? 1 : 2) + changed * perDocument(bound) * DELTA_FACTOR[bound] + reading[bound];
  return rounded({ low: at("low"), high: at("high") });
}

function times(interval: Interval, ms: number): Interval {
  return rounded({ low: interval.low * ms, high: interval.high * ms });
}

function sumOf(intervals: readonly Interval[]): Interval {
  return {
    low: intervals.reduce((sum, i) => sum + i.low, 0),
    high: intervals.reduce((sum, i) => sum + i.high, 0),
  };
}

function rounded({ low, high }: Interval): Interval {
  return { low: Math.round(low), high: Math.round(high) };
}
