import { namespaceTest } from "@firebreak/archive";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { databaseTest, globHalves } from "../../src/source/glob-halves.ts";

const glob = fc.string({ unit: fc.constantFrom("a", "b", ".", "*", "?", "\n", "é", "😀"), maxLength: 8 });
const database = fc.string({ unit: fc.constantFrom("a", "b", "\n", "é", "😀"), minLength: 1, maxLength: 4 });
const collection = fc.string({
  unit: fc.constantFrom("a", "b", ".", "\n", "😀"),
  minLength: 1,
  maxLength: 5,
});
const only = (include: string): ((name: string) => boolean) =>
  namespaceTest({ include: [include], exclude: [] });

describe("the halves of a glob", () => {
  test.each([
    ["shop.orders", [{ database: "shop", collection: "orders" }]],
    ["shop.a.*", [{ database: "shop", collection: "a.*" }]],
    [
      "s*.orders",
      [
        { database: "s*", collection: "*.orders" },
        { database: "s*", collection: "orders" },
      ],
    ],
    ["shop", []],
    ["?", []],
    ["shop.", []],
    [".orders", []],
  ])("of %s are known", (text, halves) => {
    expect(globHalves(text)).toEqual(halves);
  });

  test("match a namespace whenever the glob does, and only then", () => {
    fc.assert(
      fc.property(glob, database, collection, (text, db, coll) => {
        const isMatched = globHalves(text).some(
          (half) => only(half.database)(db) && only(half.collection)(coll),
        );
        expect(isMatched).toBe(only(text)(`${db}.${coll}`));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("the test for a database", () => {
  test.each([
    ["shop", [], [], true],
    ["shop", ["shop.*"], [], true],
    ["shop", ["shop.orders"], [], true],
    ["shop", ["*.orders"], [], true],
    ["shop", ["shop"], [], false],
    ["shop", ["shop2.*"], [], false],
    ["shop", [], ["shop.*"], false],
    ["shop", [], ["sh*"], false],
    ["shop", [], ["*.*"], false],
    ["shop", [], ["shop.?*"], true],
    ["shop", [], ["shop.orders"], true],
    ["shop", ["shop.orders"], ["other.*"], true],
  ])("says of %s with include %j and exclude %j: %s", (name, include, exclude, isWanted) => {
    expect(databaseTest({ include, exclude })(name)).toBe(isWanted);
  });

  test("never says no where one of its collections is wanted", () => {
    const globs = fc.array(glob, { maxLength: 2 });
    fc.assert(
      fc.property(globs, globs, database, collection, (include, exclude, db, coll) => {
        const filter = { include, exclude };
        fc.pre(namespaceTest(filter)(`${db}.${coll}`));
        expect(databaseTest(filter)(db)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
