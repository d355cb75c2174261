import { expect, test } from "vitest";
import type { CommentKind } from "@firebreak/mysql-format";
import { comparableDocument, comparableRow } from "../../src/answers/comparable-rows.ts";
import { foundDocument } from "../../src/sides/found-document.ts";

const KINDS = new Map<string, CommentKind>([
  ["_id", "int32"],
  ["name", "string"],
  ["_extra", "extra"],
]);
const row = (cells: Record<string, string | null>) =>
  comparableRow(
    new Map(Object.entries(cells).map(([name, text]) => [name, text === null ? null : Buffer.from(text)])),
    KINDS,
  );

test("a row has the fields of its document, those in _extra among them, in no order of its own", () => {
  const line = '{"name":"ü","_id":{"$numberInt":"7"},"odd":null,"list":[{"$numberInt":"1"}]}';
  const stored = { _id: "7", name: "ü", _extra: '{"list":[{"$numberInt":"1"}],"odd":null}' };
  const document = comparableDocument({ line: Buffer.from(line).toString("latin1") });
  expect([...row(stored)]).toEqual([...document]);
  expect([...row({ ...stored, _extra: null })]).not.toEqual([...document]);
});

test("a value in a column of another kind is another value", () => {
  expect(row({ _id: "7" })).not.toEqual(comparableDocument({ line: '{"_id":"7"}' }));
});

test("names that occur twice, which only a raw line has, both count", () => {
  // { a: 1, a: 2 } as BSON.
  const bytes = Buffer.from("1300000010610001000000106100020000000000".slice(0, 38), "hex");
  const document = foundDocument(bytes);
  expect(document.isRaw).toBe(true);
  expect([...comparableDocument(document)]).toEqual([
    ["a", "1"],
    ["a (2)", "2"],
  ]);
});
