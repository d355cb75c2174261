import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { collectAfter } from "../../src/parts/collect-garbage.ts";

const LARGE = 16 * 1024 * 1024;

test.each([
  [[], false],
  [[LARGE - 1], false],
  [[LARGE], true],
  [[LARGE + 1], true],
  [[LARGE / 2, LARGE / 2 - 1], false],
  [[LARGE / 2, LARGE / 2], true],
])("after parts of %j bytes what nobody needs is collected: %s", async (sizes, isCollected) => {
  const garbage = new WeakRef({});
  // An object that was made in this turn cannot be collected in it.
  await turn();
  collectAfter(sizes.map((plainBytes) => ({ plainBytes })));
  expect(garbage.deref() === undefined).toBe(isCollected);
});
