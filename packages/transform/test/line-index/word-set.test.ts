import fc from "fast-check";
import { expect, test } from "vitest";
import { WordSet } from "../../src/line-index/word-set.ts";

test.each([2, 4])(
  "a set of keys of %i words finds what was added, by its number, and nothing else",
  (width) => {
    // So few values that keys differ in one word only.
    const key = fc.array(fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff), {
      minLength: width,
      maxLength: width,
    });
    fc.assert(
      fc.property(fc.array(key), fc.array(key), (added, asked) => {
        const set = new WordSet(width);
        const numbers = new Map<string, number>();
        for (const words of added) {
          const name = words.join();
          if (!numbers.has(name)) numbers.set(name, numbers.size);
          expect(set.add(Uint32Array.from([9, ...words]), 1)).toBe(numbers.get(name));
        }
        expect(set.size).toBe(numbers.size);
        for (const words of [...added, ...asked])
          expect(set.numberOf(Uint32Array.from(words), 0)).toBe(numbers.get(words.join()) ?? -1);
      }),
    );
  },
);

test("a set grows past its first slots, and keeps the numbers", () => {
  const set = new WordSet(2);
  const keys = Array.from({ length: 3000 }, (_, i) => Uint32Array.of(i, 0));
  for (const [i, key] of keys.entries()) expect(set.add(key, 0)).toBe(i);
  for (const [i, key] of keys.entries()) expect(set.numberOf(key, 0)).toBe(i);
  expect(set.has(Uint32Array.of(0, 1), 0)).toBe(false);
});
