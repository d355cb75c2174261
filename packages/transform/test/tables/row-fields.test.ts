import { fieldsOf } from "@firebreak/archive";
import { expect, test } from "vitest";
import { rowFields } from "../../src/tables/row-fields.ts";
import type { DocumentKey } from "../../src/collections/document-key.ts";

const rowOf = (document: Record<string, string>, key: Partial<DocumentKey>) => {
  const fields = Object.entries(document).map(([name, text]) => ({ name, text }));
  return rowFields({ line: "", isRaw: false, fields: fieldsOf(fields) }, { key: [], renamed: {}, ...key });
};
const int = (value: number): string => `{"$numberInt":"${value}"}`;
const oid = '{"$oid":"0102030405060708090a0b0c"}';

test("the key stands where it stood, and names are as they were", () => {
  expect(rowOf({ _id: int(1), a: "null" }, { key: ["id"] })).toEqual([
    { name: "id", text: int(1) },
    { name: "a", text: "null" },
  ]);
  expect(rowOf({ _id: `{"b":${int(2)},"a":${int(1)}}`, c: '"x"' }, { key: ["a", "b"] })).toEqual([
    { name: "b", text: int(2) },
    { name: "a", text: int(1) },
    { name: "c", text: '"x"' },
  ]);
  expect(rowOf({ _id: oid, a: int(1) }, {})).toEqual([{ name: "a", text: int(1) }]);
  expect(rowOf({ _id: int(1), _id_: '"x"' }, { key: ["id"], renamed: { _id: "_id_" } })).toEqual([
    { name: "id", text: int(1) },
    { name: "_id", text: '"x"' },
  ]);
});

test.each<[string, Record<string, string>, readonly string[], string]>([
  ["no _id", { a: int(1) }, ["id"], "key-missing"],
  ["an _id of one value for two columns", { _id: int(1) }, ["a", "b"], "value-foreign"],
  ["an array for two columns", { _id: `[${int(1)},${int(2)}]` }, ["a", "b"], "value-foreign"],
  ["a column of the key that is missing", { _id: `{"a":${int(1)}}` }, ["a", "b"], "value-foreign"],
  ["one that is not of the key", { _id: `{"a":${int(1)},"c":${int(2)}}` }, ["a", "b"], "value-foreign"],
  ["one too many", { _id: `{"a":${int(1)},"b":${int(2)},"c":${int(3)}}` }, ["a", "b"], "value-foreign"],
  ["an _id of its own where rows have no key", { _id: int(1) }, [], "value-foreign"],
])("a document with %s has no row of the table", (_, document, key, reason) => {
  expect(rowOf(document, { key })).toEqual({ reason, field: "_id" });
});
