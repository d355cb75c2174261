import fc from "fast-check";
import { expect, test } from "vitest";
import { collectionOfStem, expectDatabaseName, fileStem } from "../src/file-name.ts";

/** Names of mongodump 100.18's own files, but for the last two, made with Go's url.QueryEscape in mind. */
const written = {
  "a.b.c": "a.b.c",
  UPPER: "UPPER",
  "with space": "with+space",
  "percent%2Fslash": "percent%252Fslash",
  ünïcødé: "%C3%BCn%C3%AFc%C3%B8d%C3%A9",
  "plus+tilde~star*quote'(!)": "plus%2Btilde~star%2Aquote%27%28%21%29",
  "under_dash-": "under_dash-",
};

test("a collection's files have the name that mongodump gives them", () => {
  for (const [name, stem] of Object.entries(written)) expect(fileStem(name)).toBe(stem);
});

test("the name of a file gives the collection back", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (name) => {
      const stem = fileStem(name);
      expect(stem).toMatch(/^(?:[A-Za-z0-9_.~+-]|%[0-9A-F]{2})*$/);
      if (stem.length < 238) expect(collectionOfStem(stem)).toBe(name);
    }),
  );
});

test("a name of 238 bytes stays whole, a longer one is cut and ends in the hash of the whole", () => {
  expect(fileStem("a".repeat(238))).toBe("a".repeat(238));
  // The hash is `printf … | openssl dgst -sha1 -binary | basenc --base64url`.
  const cut = `${"a".repeat(208)}%24AD7xup6p8vTas6IATlBcqKTn5aM`;
  expect(fileStem("a".repeat(300))).toBe(cut);
  expect(collectionOfStem(cut)).toBeUndefined();
});

test("a percent sign that begins no byte stands for itself, as in dumps older than the encoding", () => {
  expect(collectionOfStem("100%")).toBe("100%");
  expect(collectionOfStem("50%zz with space")).toBe("50%zz with space");
});

test("a database has a name that a server takes, and that leads nowhere else", () => {
  for (const name of ["chat", "with-dash_é", "x".repeat(63)]) expectDatabaseName(name, "DUMP");
  for (const name of ["", "..", "a/b", "a\\b", "a.b", "a b", "a$", 'a"', "a\0", "x".repeat(64)])
    expect(() => expectDatabaseName(name, "DUMP")).toThrow(
      expect.objectContaining({ code: "dump-database-name", fields: { path: "DUMP", database: name } }),
    );
});
