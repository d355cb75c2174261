import { expect, test } from "vitest";
import type { CommentKind } from "@firebreak/mysql-format";
import { comparableCell, comparableText } from "../../src/answers/comparable-value.ts";

const cell = (kind: CommentKind, text: string): string => comparableCell(kind, Buffer.from(text));

test.each<[string, CommentKind, string]>([
  ['{"$numberInt":"-7"}', "int64", "-7"],
  ['{"$numberLong":"9007199254740993"}', "int64", "9007199254740993"],
  ['{"$numberInt":"3"}', "double", "3"],
  ['{"$numberDouble":"1.0E+300"}', "double", "1e300"],
  ['{"$numberDouble":"0.1"}', "double", "0.1"],
  ['{"$numberDecimal":"1.10"}', "decimal", "1.100"],
  ["true", "boolean", "1"],
  ['{"$date":{"$numberLong":"-62135596799999"}}', "date", "0001-01-01 00:00:00.001"],
  ['"a\\"b"', "string", 'a"b'],
  ['{"$oid":"0123456789abcdef01234567"}', "objectId", "0123456789abcdef01234567"],
  ['{"$numberInt":"1"}', "keyText", '{"$numberInt":"1"}'],
  ['[{"a":{"$numberInt":"1"}}]', "nested", '[{"a":{"$numberInt":"1"}}]'],
])("%s equals its cell as %s, %s", (text, kind, stored) => {
  expect(cell(kind, stored)).toBe(comparableText(text));
});

test("bytes and UUIDs equal their cells", () => {
  const bytes = Buffer.from("000102030405060708090a0b0c0d0eff", "hex");
  const text = (subType: string): string =>
    `{"$binary":{"base64":"${bytes.toString("base64")}","subType":"${subType}"}}`;
  expect(comparableCell("binary", bytes)).toBe(comparableText(text("00")));
  expect(comparableCell("uuid", bytes)).toBe(comparableText(text("04")));
  expect(comparableCell("uuidLegacy", bytes)).toBe(comparableText(text("03")));
});

test("values that look alike are not equal", () => {
  const texts = [
    '"1"',
    '{"$numberInt":"1"}',
    '{"$numberInt":"10"}',
    "true",
    '"true"',
    '{"$numberDouble":"-0.0"}',
    '{"$numberInt":"0"}',
  ];
  expect(new Set(texts.map(comparableText)).size).toBe(texts.length);
});
