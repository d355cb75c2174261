import { expect, test } from "vitest";
import { nameFindings } from "../../../src/target/preflight/names.ts";

const place = (database: string, collection: string, source = `${database}.${collection}`) => ({
  namespace: `${database}.${collection}`,
  database,
  collection,
  source: { namespace: source },
});

test("names that servers take are fine, odd ones too", () => {
  expect(
    nameFindings(
      [
        place("d", "a.b"),
        place("d", "a."),
        place("a*b😀", "a..b"),
        place("d", "ä b"),
        place("d", "x".repeat(253)),
      ],
      ["d", "e"],
    ),
  ).toEqual([]);
});

test.each([
  ["", "c", "database-letters"],
  ["a.b", "c", "database-letters"],
  ["a b", "c", "database-letters"],
  ["a$", "c", "database-letters"],
  ["ä".repeat(32), "c", "database-long"],
  ["d", "", "collection-letters"],
  ["d", "a$b", "collection-letters"],
  ["d", ".a", "collection-letters"],
  ["d", "a.system.b", "collection-letters"],
  ["d", "a\0b", "collection-letters"],
  ["d", "x".repeat(254), "namespace-long"],
])("%j.%j is not taken: %s", (database, collection, why) => {
  expect(nameFindings([place(database, collection)], [])).toMatchObject([{ what: "name-unfit", why }]);
});

test("the server's own names and ours are reserved", () => {
  for (const [database, collection] of [
    ["admin", "c"],
    ["config", "c"],
    ["local", "c"],
    ["d", "system.views"],
    ["d", "firebreak_ledger"],
  ] as const)
    expect(nameFindings([place(database, collection)], [])).toMatchObject([{ what: "name-reserved" }]);
});

test("two collections that would share a place are named, and so are databases that differ in capitals", () => {
  expect(nameFindings([place("d", "c", "a.c"), place("d", "c", "b.c")], [])).toEqual([
    { what: "collections-collide", namespace: "d.c", sources: ["a.c", "b.c"] },
  ]);
  expect(nameFindings([place("shop", "c")], ["Shop"])).toEqual([
    { what: "database-case", database: "shop", other: "Shop" },
  ]);
  expect(nameFindings([place("shop", "c"), place("SHOP", "c")], ["shop"])).toMatchObject([
    { what: "database-case", database: "SHOP", other: "shop" },
  ]);
});
