import { expect, test } from "vitest";
import type { Estimate } from "../../src/plan-record.ts";
import { fromArchive } from "../../src/time/from-archive.ts";

const step = (name: "export" | "load") => ({
  step: name,
  ms: { low: 100_000, high: 200_000 },
  isMeasured: true,
});
const WHOLE: Estimate = {
  steps: [step("export"), step("load")],
  fullRunMs: { low: 200_000, high: 400_000 },
  windowMs: { low: 1, high: 2 },
  diskBytes: { archive: 1, work: 1, target: 1, binaryLog: 0 },
};

test("a delta onto an archive exports what changed since, and everything else stays", () => {
  // A hundredth of the documents.
  const since = { seconds: 1000, writesPerSecond: 10, documents: 1_000_000 };
  const { steps, fullRunMs, windowMs, diskBytes } = fromArchive(WHOLE, since);
  expect(steps).toEqual([{ ...step("export"), ms: { low: 1500, high: 12_500 } }, step("load")]);
  expect(fullRunMs).toEqual({ low: 101_500, high: 212_500 });
  expect({ windowMs, diskBytes }).toEqual({ windowMs: WHOLE.windowMs, diskBytes: WHOLE.diskBytes });
});

test("a delta never takes longer than the export of everything", () => {
  const since = { seconds: 1e9, writesPerSecond: 10, documents: 1000 };
  expect(fromArchive(WHOLE, since).steps[0]!.ms).toEqual({ low: 100_500, high: 200_500 });
});
