import fc from "fast-check";
import { expect, test } from "vitest";
import { nameTables } from "../../src/tables/table-names.ts";

const namesOf = (...collections: string[]): string[] =>
  nameTables(
    collections.map((collection) => ({ namespace: `d.${collection}`, database: "d", collection })),
  ).map((t) => t.table);

test.each(["users", "a.b", "数据", "n".repeat(64), "per%cent", "back`tick"])(
  "%j is a table's name",
  (name) => {
    expect(namesOf(name)).toEqual([name]);
  },
);

test.each(["a/b", "a\\b", "n".repeat(65), "😀", "trailing ", "trailing.", "firebreak_ledger", "new\nline"])(
  "%j gets another name, always the same",
  (name) => {
    const [made] = namesOf(name);
    expect(made).toMatch(/^[A-Za-z0-9_-]{1,51}_[0-9a-f]{12}$/);
    expect(namesOf("x", name)[1]).toBe(made);
  },
);

test("collections equal but for case are both renamed, those of two databases are not", () => {
  const [a, b] = namesOf("Twin", "tWIN");
  expect(a!.toLowerCase()).not.toBe(b!.toLowerCase());
  const apart = nameTables([
    { namespace: "d.t", database: "d", collection: "t" },
    { namespace: "e.T", database: "e", collection: "T" },
  ]);
  expect(apart.map((t) => t.table)).toEqual(["t", "T"]);
});

test("no two collections of a database share a table, whatever their names", () => {
  const name = fc.string({
    unit: fc.constantFrom("a", "A", "/", "é", "É", ".", " ", "_", "😀"),
    minLength: 1,
    maxLength: 5,
  });
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const tables = namesOf(...names).map((t) => t.toLowerCase());
      expect(new Set(tables).size).toBe(names.length);
    }),
  );
});
