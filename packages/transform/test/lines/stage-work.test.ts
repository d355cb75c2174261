import { expect, test } from "vitest";
import { LocalStages } from "@firebreak/workers";
import { runnerFor } from "../../src/lines/stage-work.ts";

const BYTES = 16 * 1024 * 1024;

test.each([
  [19_999, BYTES - 1, false],
  [20_000, 1, true],
  [20_001, 1, true],
  [2, BYTES, true],
  [2, BYTES + 1, true],
])("parts of %i lines and %i bytes in sum are worth threads: %s", async (lines, bytes, isWorth) => {
  const parts = [
    { lineCount: lines - 1, plainBytes: bytes - 1 },
    { lineCount: 1, plainBytes: 1 },
  ];
  const runner = runnerFor(parts, 1);
  expect(runner instanceof LocalStages).toBe(!isWorth);
  await runner.close();
});
