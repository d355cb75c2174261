import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

const index = join(import.meta.dirname, "..", "..", "dist", "index.js");

/** Makes small objects of which many outlive their first moments, and prints the most bytes that the young generation had. */
const churn = `
  import { getHeapSpaceStatistics } from "node:v8";
  import { setImmediate } from "node:timers/promises";
  import { collectOften } from ${JSON.stringify(index)};
  collectOften();
  let kept = [];
  let most = 0;
  for (let i = 0; i < 2000; i++) {
    for (let j = 0; j < 3000; j++) kept.push({ i, text: String(j) });
    if (kept.length > 1_000_000) kept = [];
    most = Math.max(most, getHeapSpaceStatistics().find((s) => s.space_name === "new_space").space_size);
    await setImmediate();
  }
  console.log(most);
`;

test("of a step that makes millions of small objects the young generation stays within its limit", async () => {
  // In a process of its own: what has grown before stays.
  const { stdout } = await execa(process.execPath, ["--input-type=module", "--eval", churn]);
  // Between two looks at 32 MiB it may double once.
  expect(Number(stdout)).toBeLessThanOrEqual(64 * 1024 * 1024);
});
