import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { collectAtLimit } from "../../src/parts/collect-at-limit.ts";

const LIMIT = 1000;

/** Looks at a process that seems to have so many bytes, and returns true if that collected garbage. */
async function collects(bytes: number): Promise<boolean> {
  vi.spyOn(process.memoryUsage, "rss").mockReturnValue(bytes);
  const garbage = new WeakRef({});
  await wait(400);
  return garbage.deref() === undefined;
}

test("garbage is collected at the limit, and again when a tenth has come on top of what was left", async () => {
  const timer = collectAtLimit(LIMIT);
  onTestFinished(() => {
    clearInterval(timer);
    vi.restoreAllMocks();
  });
  expect(await collects(LIMIT - 1)).toBe(false);
  expect(await collects(LIMIT)).toBe(true);
  expect(await collects(LIMIT * 1.1 - 1)).toBe(false);
  expect(await collects(LIMIT * 1.1 + 1)).toBe(true);
  expect(await collects(LIMIT * 1.1 + 2)).toBe(false);
});
