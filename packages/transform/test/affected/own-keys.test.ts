import { expect, test } from "vitest";
import { KeySets } from "../../src/affected/key-sets.ts";
import { OwnKeys } from "../../src/affected/own-keys.ts";
import { KEY, KeyBlock, REFERENCE } from "../../src/line-index/index-block.ts";

const MOST_LINES = Math.floor((48 * 1024 * 1024) / 9);

test.each([
  [MOST_LINES - 1, true],
  [MOST_LINES, true],
  [MOST_LINES + 1, false],
])("the own keys of %i lines stay in memory: %s", (lines, isKept) => {
  expect(OwnKeys.forLines(lines)(2) !== undefined).toBe(isKept);
});

/** Lines whose keys are their numbers, in blocks of three. */
function ownKeys(kinds: readonly number[]): OwnKeys {
  const own = OwnKeys.forLines(kinds.length)(kinds.length)!;
  for (let from = 0; from < kinds.length; from += 3) {
    const block = new KeyBlock(Math.min(3, kinds.length - from));
    for (let i = 0; i < block.count; i++) {
      block.kinds[i] = kinds[from + i]! | (REFERENCE.value << 2);
      block.keys.set([from + i + 1, 7], 2 * i);
      block.references.set([0, 0], 2 * i);
    }
    own.add(block);
  }
  return own;
}

const { none, shared, ofRows } = KEY;
const never = (): boolean => false;

test.each(["shared", "values", "presences"] as const)(
  "a line counts whose key is among the %s ones, and no other",
  (name) => {
    const sets = new KeySets();
    const own = ownKeys([shared, shared, shared, shared, shared, shared, shared]);
    sets[name].add(Uint32Array.of(7, 8, 7), 1);
    expect(own.hasAny(sets, never)).toBe(false);
    sets[name].add(Uint32Array.of(7, 7, 7), 1);
    expect(own.hasAny(sets, never)).toBe(true);
    expect(own.hasAny(sets, (line) => line === 7)).toBe(false);
    expect(own.hasAny(sets, (line) => line !== 7)).toBe(true);
  },
);

test("a key of rows is only shared, and a line without a key never counts", () => {
  const sets = new KeySets();
  const own = ownKeys([none, ofRows]);
  sets.shared.add(Uint32Array.of(1, 7), 0);
  for (const set of [sets.values, sets.presences]) set.add(Uint32Array.of(2, 7), 0);
  expect(own.hasAny(sets, never)).toBe(false);
  sets.shared.add(Uint32Array.of(2, 7), 0);
  expect(own.hasAny(sets, never)).toBe(true);
});
