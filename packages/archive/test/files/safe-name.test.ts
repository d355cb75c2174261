import fc from "fast-check";
import { expect, test } from "vitest";
import { apartName, apartNames, originalName, safeName as safe } from "../../src/files/safe-name.ts";

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

/** Names that the format has beside folders of tables and databases, some of them made up. */
const OURS = [
  "manifest.json",
  "schema.sql",
  "load.sh",
  "SHA256SUMS",
  "transform.lock",
  "0.keys",
  "difference.partial",
  "superseding.partial",
  "quarantine",
  "listed",
  "generic",
  "later.version",
  "Later",
];

test.each(OURS)("no table and no database has the folder %s", (ours) => {
  expect(originalName(apartName(ours))).toBe(ours);
  expect(apartName(ours).toLowerCase()).not.toBe(ours.toLowerCase());
  for (let at = 0; at <= ours.length; at++)
    expect(apartNames(ours.slice(0, at), ours.slice(at + 1))).not.toBe(ours);
});

test("neither one name nor two in one share a folder with others", () => {
  const pair = fc.oneof(fc.tuple(name), fc.tuple(name, name));
  const folderOf = ([first, second]: readonly string[]): string =>
    second === undefined ? apartName(first!) : apartNames(first!, second);
  fc.assert(
    fc.property(pair, pair, (a, b) => {
      expect(folderOf(a) === folderOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      expect(folderOf(a)).toMatch(/^[a-z0-9_%~@-]+$/);
    }),
    { numRuns: 2000 },
  );
});

test("long names stay within what a file system takes, alone and two in one", () => {
  const long = "数".repeat(64);
  for (const folder of [apartName(long), apartNames(long, long), apartNames("a".repeat(63), long)])
    expect(folder.length).toBeLessThanOrEqual(200);
  expect(apartNames(long, `${long}a`)).not.toBe(apartNames(`${long}a`, long));
});
