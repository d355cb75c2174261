import { expect, test } from "vitest";
import { nameCollections } from "../../src/collections/mongodb-names.ts";

const nameOf = (table: string, database = "shop", wanted?: string): string => {
  const [named] = nameCollections([{ database, table, wanted }]);
  return `${named!.database}.${named!.collection}`;
};

test.each(["users", "Users", "a b", "a.b", "数据", "x".repeat(64)])(
  "table %j becomes the collection of its name",
  (name) => {
    expect(nameOf(name)).toBe(`shop.${name}`);
  },
);

test.each(["a$b", "$cmd", "system.users", ".x", "firebreak_ledger"])(
  "table %j has a name that MongoDB does not take or that is taken, and gets another",
  (name) => {
    expect(nameOf(name)).toMatch(/^shop\.\w[\w-]*_[0-9a-f]{12}$/);
  },
);

test.each(["admin", "local", "config", "Config", "a.b", "a b", "a/b", "a$", "数".repeat(22)])(
  "database %j has a name that MongoDB does not take, and gets another",
  (name) => {
    const [database] = nameOf("t", name).split(".");
    expect(database).toMatch(/^[\w-]+_[0-9a-f]{12}$/);
    expect(Buffer.byteLength(database!)).toBeLessThanOrEqual(63);
  },
);

test("a table goes to the collection that it was made of", () => {
  expect(nameOf("users_0a1b", "shop", "us/ers")).toBe("shop.us/ers");
});

test("copies of a table go to collections of their own names, and never two to one", () => {
  const tables = ["a", "b", "c", "x", "A"].map((table) => ({
    database: "shop",
    table,
    wanted: { a: "x", b: "x", c: "a" }[table],
  }));
  const names = nameCollections(tables).map((n) => n.collection);
  expect(new Set(names).size).toBe(names.length);
  expect(names.slice(1, 2)).toEqual(["b"]);
  expect(names.slice(3)).toEqual(["x", "A"]);
});

test("what is in a chain keeps its name, and what is new gets one that is free", () => {
  const shop = (collection: string): { database: string; collection: string } => ({
    database: "shop",
    collection,
  });
  const named = nameCollections([
    { database: "shop", table: "things", wanted: "us/ers", existing: shop("us/ers") },
    { database: "shop", table: "things_copy", wanted: "us/ers" },
    { database: "shop", table: "late", wanted: undefined },
    { database: "shop", table: "other", wanted: undefined, existing: shop("late") },
    { database: "elsewhere", table: "late", wanted: undefined },
  ]);
  expect(named.map(({ database, collection }) => `${database}.${collection}`)).toEqual([
    "shop.us/ers",
    "shop.things_copy",
    expect.stringMatching(/^shop\.late_[0-9a-f]{12}$/) as string,
    "shop.late",
    "elsewhere.late",
  ]);
});

test("databases whose names differ by case alone become two all the same, each with all its tables", () => {
  const named = nameCollections(
    ["Shop", "shop", "Shop"].map((database, i) => ({ database, table: `t${i}`, wanted: undefined })),
  );
  const [first, second, third] = named.map((n) => n.database);
  expect(first).toBe(third);
  expect(first!.toLowerCase()).not.toBe(second!.toLowerCase());
});
