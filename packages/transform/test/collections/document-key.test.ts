import { expect, test } from "vitest";
import { documentKey, fieldName } from "../../src/collections/document-key.ts";
import { column, sourceTable } from "../support/source-table.ts";

const keyOf = (names: readonly string[], key: readonly string[], generated: readonly string[] = []) =>
  documentKey(
    sourceTable(
      names.map((name) => column(name, { isGenerated: generated.includes(name) })),
      key,
    ),
  );

test("the key's columns are the _id, in the key's order", () => {
  expect(keyOf(["a", "b"], ["a"])).toEqual({ key: ["a"], renamed: {} });
  expect(keyOf(["a", "b", "c"], ["c", "a"])).toEqual({ key: ["c", "a"], renamed: {} });
});

test("a column that is called _id and is not the key has another name in documents", () => {
  expect(keyOf(["id", "_id"], ["id"])).toEqual({ key: ["id"], renamed: { _id: "_id_" } });
  expect(keyOf(["_id", "_id_", "_id__"], [])).toEqual({ key: [], renamed: { _id: "_id___" } });
});

test("a column that is called _id and is the key, or one of its columns, keeps its name", () => {
  expect(keyOf(["_id", "a"], ["_id"])).toEqual({ key: ["_id"], renamed: {} });
  expect(keyOf(["_id", "a"], ["a", "_id"])).toEqual({ key: ["a", "_id"], renamed: {} });
});

test("a key that cannot be an _id is a column like others", () => {
  expect(keyOf(["$a", "b"], ["$a", "b"]).key).toEqual([]);
  expect(keyOf(["a.x", "b"], ["a.x", "b"]).key).toEqual([]);
  expect(keyOf(["a", "g"], ["g"], ["g"]).key).toEqual([]);
  // The value of one column has no name inside the _id.
  expect(keyOf(["$a", "b"], ["$a"]).key).toEqual(["$a"]);
});

test("a column keeps its name where nothing else takes it, also one that every object has", () => {
  expect(fieldName({ _id: "_id_" }, "_id")).toBe("_id_");
  expect(["constructor", "__proto__", "a"].map((column) => fieldName({}, column))).toEqual([
    "constructor",
    "__proto__",
    "a",
  ]);
});
