import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { collectAtLimit } from "../../src/parts/collect-at-limit.ts";

const LIMIT = 1000;
const LEAST = 16 * 1024 * 1024;
const memoryUsage = process.memoryUsage;

/** Looks at a process that seems to have so many bytes, and returns true if that collected garbage. */
async function collects({ all, own }: { all: number; own: number }): Promise<boolean> {
  const usage = { ...memoryUsage(), heapUsed: own / 2, external: own / 2 };
  process.memoryUsage = Object.assign(() => usage, { rss: () => all });
  const garbage = new WeakRef({});
  await wait(400);
  return garbage.deref() === undefined;
}

test("garbage is collected at the limit, if the thread has made enough since the last time", async () => {
  const timer = collectAtLimit(LIMIT);
  onTestFinished(() => {
    clearInterval(timer);
    process.memoryUsage = memoryUsage;
  });
  expect(await collects({ all: LIMIT - 1, own: LEAST })).toBe(false);
  expect(await collects({ all: LIMIT, own: LEAST - 2 })).toBe(false);
  expect(await collects({ all: LIMIT, own: LEAST })).toBe(true);
  expect(await collects({ all: 2 * LIMIT, own: 2 * LEAST - 2 })).toBe(false);
  expect(await collects({ all: LIMIT, own: 2 * LEAST })).toBe(true);
  // The collector has worked by itself.
  expect(await collects({ all: LIMIT, own: LEAST })).toBe(false);
  expect(await collects({ all: LIMIT + 1, own: 2 * LEAST + 2 })).toBe(true);
});
