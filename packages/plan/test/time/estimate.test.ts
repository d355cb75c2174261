import { expect, test } from "vitest";
import { estimate, type Whole } from "../../src/time/estimate.ts";
import type { Measured } from "../../src/time/measure.ts";

const MIB = 1 << 20;

function measured(mib: number, ms: Measured["ms"]): Measured {
  return {
    bytes: mib * MIB,
    documents: mib * 1000,
    largestBytes: 1000,
    ms,
    archiveBytes: mib * MIB * 0.3,
    csvBytes: mib * MIB * 0.8,
    indexEntries: mib * 1000,
    accounts: [],
  };
}

const whole = (mib: number, more: Partial<Whole> = {}): Whole => ({
  bytes: mib * MIB,
  documents: mib * 1000,
  writesPerSecond: 0,
  hasChangeStream: true,
  hasBinaryLog: false,
  spaceOf: (csvBytes, entries) => csvBytes + entries,
  ...more,
});

const all = { export: 1000, transform: 2000, load: 3000, checksum: 500 };

test("the time of a step grows along the line through both samples", () => {
  // 100 ms, and 10 ms for each MiB.
  const small = measured(10, { ...all, export: 200 });
  const large = measured(50, { ...all, export: 600 });
  const { steps } = estimate(small, large, whole(1000));
  const { ms } = steps.find(({ step }) => step === "export")!;
  expect(ms.low).toBeLessThan(10_600);
  expect(ms.high).toBeGreaterThan(10_600);
  expect(ms.high / ms.low).toBeLessThanOrEqual(2);
});

test("a larger sample that took no longer counts by its own speed", () => {
  const { steps } = estimate(measured(10, all), measured(50, { ...all, load: 2500 }), whole(500));
  const { ms } = steps.find(({ step }) => step === "load")!;
  expect(ms.low).toBeLessThan(25_000);
  expect(ms.high).toBeGreaterThan(25_000);
});

test("data that are all in the sample take as long as the sample, and the start of each step", () => {
  const one = measured(4, all);
  const { steps, fullRunMs } = estimate(one, one, whole(4));
  expect(steps.map(({ ms }) => ms.low)).toEqual([930, 1550, 2170, 620]);
  expect(fullRunMs).toEqual({ low: 5270, high: 10_370 });
});

test("steps that were not measured are named, and their intervals are wide", () => {
  const { load: _, checksum: __, ...some } = all;
  const { steps } = estimate(measured(10, some), measured(50, some), whole(100));
  expect(steps.map(({ isMeasured }) => isMeasured)).toEqual([true, true, false, false]);
  for (const { ms, isMeasured } of steps) expect(ms.high / ms.low > 2).toBe(!isMeasured);
});

test("space grows with the data, and a binary log takes it once more", () => {
  const { diskBytes } = estimate(measured(10, all), measured(50, all), whole(500, { hasBinaryLog: true }));
  expect(diskBytes.archive).toBe(150 * MIB);
  expect(diskBytes.target).toBe(400 * MIB + 500_000);
  expect(diskBytes.binaryLog).toBe(400 * MIB);
  expect(estimate(measured(10, all), measured(50, all), whole(500)).diskBytes.binaryLog).toBe(0);
});

test("the window grows with what is written, and holds an export where there is no change stream", () => {
  const of = (more: Partial<Whole>) => estimate(measured(10, all), measured(50, all), whole(500, more));
  const quiet = of({});
  const busy = of({ writesPerSecond: 100 });
  const standalone = of({ hasChangeStream: false });
  expect(busy.windowMs.low).toBeGreaterThan(quiet.windowMs.low);
  expect(busy.windowMs.high).toBeGreaterThan(quiet.windowMs.high);
  const exporting = quiet.steps.find(({ step }) => step === "export")!.ms;
  expect(standalone.windowMs.low).toBe(quiet.windowMs.low + exporting.low);
});

test("a source without documents has a plan, too", () => {
  const none = measured(0, { export: 10, transform: 10 });
  const { fullRunMs, windowMs, diskBytes } = estimate(none, none, whole(0));
  for (const value of [fullRunMs.low, fullRunMs.high, windowMs.low, windowMs.high, diskBytes.target])
    expect(Number.isFinite(value)).toBe(true);
});
