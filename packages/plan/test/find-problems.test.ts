import { expect, test } from "vitest";
import { quarantineProblems, sourceProblems } from "../src/find-problems.ts";

const SOURCE = { server: "db", isReplicaSet: true, oplogHours: 48, indexUse: [] };

test("a replica set whose oplog lasts and whose indexes are used has no problem", () => {
  const used = { namespace: "shop.a", index: "by_a", uses: 1, since: "" };
  // Nobody can do without the index of _id.
  const ofId = { ...used, index: "_id_", uses: 0 };
  expect(sourceProblems({ ...SOURCE, indexUse: [used, ofId] })).toEqual([]);
});

test.each([
  [undefined, false],
  [24, false],
  [23.9, true],
])("an oplog of %s hours is short: %s", (oplogHours, isShort) => {
  expect(sourceProblems({ ...SOURCE, oplogHours }).map(({ code }) => code)).toEqual(
    isShort ? ["oplog-short"] : [],
  );
});

test("collections with documents in quarantine are named, with their counts", () => {
  const accounts = [
    { namespace: "shop.a", lines: 10, quarantined: 0 },
    { namespace: "shop.b", lines: 10, quarantined: 3 },
  ];
  expect(quarantineProblems(accounts)).toEqual([
    { code: "quarantined", severity: "warn", fields: { namespace: "shop.b", documents: 3, of: 10 } },
  ]);
});
