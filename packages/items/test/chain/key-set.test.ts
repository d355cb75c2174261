import fc from "fast-check";
import { expect, test } from "vitest";
import { KeySet } from "../../src/index.ts";

test("has what was added and nothing else, whatever the keys", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), fc.array(fc.string()), (added, asked) => {
      const set = new KeySet();
      const known = new Set<string>();
      for (const key of added) {
        expect(set.add(key)).toBe(!known.has(key));
        known.add(key);
      }
      expect(set.size).toBe(known.size);
      for (const key of [...added, ...asked]) expect(set.has(key)).toBe(known.has(key));
    }),
  );
});

test("grows", () => {
  const set = new KeySet();
  for (let n = 0; n < 100_000; n++) set.add(`{"_id":{"$numberInt":"${n}"}}`);
  expect(set.size).toBe(100_000);
  for (let n = 0; n < 100_000; n += 997) {
    expect(set.has(`{"_id":{"$numberInt":"${n}"}}`)).toBe(true);
    expect(set.has(`{"_id":{"$numberLong":"${n}"}}`)).toBe(false);
  }
});
