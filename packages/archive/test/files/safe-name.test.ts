import fc from "fast-check";
import { expect, test } from "vitest";
import { originalName, safeName as safe } from "../../src/files/safe-name.ts";

/** Any names that are short, among them many that only differ by case or by what must be encoded. */
const name = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("a", "A", ".", "/", "%", "2", "e", "\0", "\\", ":", "~", " ", "é"),
    maxLength: 8,
  }),
);

test("a short name comes back from its safe form", () => {
  fc.assert(
    fc.property(name, (n) => {
      expect(originalName(safe(n))).toBe(n);
    }),
    { numRuns: 2000 },
  );
});

test("a safe name is one harmless segment of a path", () => {
  fc.assert(
    fc.property(name, (n) => {
      expect(safe(n)).toMatch(/^[a-z0-9_.%~-]+$/);
      expect(safe(n)).not.toMatch(/^\.|\.$/);
    }),
    { numRuns: 2000 },
  );
});

test("two names never share a safe name, not even where case does not count", () => {
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(safe(a).toLowerCase() === safe(b).toLowerCase()).toBe(a === b);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  "",
  ".",
  "..",
  "a.",
  ".a",
  "a/b",
  "../x",
  "con",
  "NUL",
  "com1",
  "%",
  "%41",
  "Users",
  "\0",
  "数据",
  "a~b",
])("%j comes back", (n) => {
  expect(originalName(safe(n))).toBe(n);
  expect(safe(n)).not.toMatch(/^(con|nul|com1|\.|\.\.)$/i);
});

test("long names are cut to what file systems take, and stay apart", () => {
  const a = safe(`${"数".repeat(200)}a`);
  const b = safe(`${"数".repeat(200)}b`);
  expect(a).not.toBe(b);
  expect(a.length).toBeLessThanOrEqual(200);
  expect(originalName(a)).toBeUndefined();
});
