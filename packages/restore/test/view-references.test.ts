import { expect, test } from "vitest";
import { renameReferences, viewReferences } from "../src/view-references.ts";

const map = (fields: object): Map<string, unknown> =>
  new Map(Object.entries(fields).map(([name, value]: [string, unknown]) => [name, inside(value)]));

function inside(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inside);
  return typeof value === "object" && value !== null ? map(value) : value;
}

const view = map({
  viewOn: "on",
  pipeline: [
    { $match: { from: "no reference", viewOn: "none either", $expr: { $eq: ["$coll", "nor this"] } } },
    { $lookup: { from: "looked up", as: "viewOn", pipeline: [{ $unionWith: "in lookup" }] } },
    { $graphLookup: { from: "graph", startWith: "$from" } },
    { $unionWith: { coll: "united", pipeline: [{ $lookup: { from: "in union" } }] } },
    { $unionWith: "short" },
    { $facet: { from: [{ $unionWith: "in facet" }], coll: [{ $count: "n" }] } },
    { $lookup: { from: { db: "config", coll: "elsewhere" } } },
    { $addFields: { $lookup: 1 } },
  ],
  collation: { locale: "de" },
});

test("a view is made of what it is on and of what its stages name, at any depth", () => {
  expect(viewReferences(view)).toEqual([
    "on",
    "looked up",
    "in lookup",
    "graph",
    "united",
    "in union",
    "short",
    "in facet",
  ]);
});

test("a rename changes these names and nothing else, and keeps the order of fields", () => {
  const renamed = renameReferences(view, (name) => `new ${name}`);
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, v: unknown) => (v instanceof Map ? [...v] : v));
  const names = viewReferences(view).toSorted((a, b) => b.length - a.length);
  let expected = text(view);
  for (const name of names) expected = expected.replaceAll(`"${name}"`, `"new ${name}"`);
  expect(text(renamed)).toBe(expected);
  expect(viewReferences(renamed)).toEqual(viewReferences(view).map((name) => `new ${name}`));
});
