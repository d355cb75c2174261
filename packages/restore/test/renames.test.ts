import type { SourceNamespace } from "../../archive/src/index.ts";
import { expect, test } from "vitest";
import { placesOf } from "../src/renames.ts";

const namespaces = ["a.x", "a.y.z", "a.p=q", "b.x"].map((namespace) => {
  const dot = namespace.indexOf(".");
  return {
    namespace,
    database: namespace.slice(0, dot),
    collection: namespace.slice(dot + 1),
  } as SourceNamespace;
});

function places(renames: readonly string[], urlDatabase?: string): string[] {
  return [...placesOf(namespaces, renames, urlDatabase).values()].map((p) => `${p.database}.${p.collection}`);
}

test("without renames everything goes where it came from, or to the database of the URL", () => {
  expect(places([])).toEqual(["a.x", "a.y.z", "a.p=q", "b.x"]);
  expect(places([], "u")).toEqual(["u.x", "u.y.z", "u.p=q", "u.x"]);
});

test("a rename of a database takes all of it, that of a collection wins over it", () => {
  expect(places(["a=c"])).toEqual(["c.x", "c.y.z", "c.p=q", "b.x"]);
  expect(places(["a=c", "a.x=d.new.x"], "u")).toEqual(["d.new.x", "c.y.z", "c.p=q", "u.x"]);
});

test("an equals sign may be part of either name", () => {
  expect(places(["a.p=q=a.r=s"])).toEqual(["a.x", "a.y.z", "a.r=s", "b.x"]);
});

test.each([
  ["a", "form"],
  ["=a", "form"],
  ["a=", "form"],
  ["a=c.x", "form"],
  ["a.x=c", "form"],
  ["a.x=.c", "form"],
  ["a.x=c.", "form"],
  ["z=c", "unknown"],
  ["a.unknown=a.b", "unknown"],
])("the rename %s is refused (%s)", (rename, why) => {
  expect(() => places([rename])).toThrow(
    expect.objectContaining({ code: "rename-wrong", fields: { rename, why } }) as Error,
  );
});
