import { fromByteText, toByteText } from "../../src/line/byte-text.ts";
import { expect, test } from "vitest";
import { kindOf, stringOf, type Kind } from "../../src/line/kinds.ts";

test.each<[Kind, string]>([
  ["null", "null"],
  ["boolean", "true"],
  ["boolean", "false"],
  ["string", '""'],
  ["string", '"{\\"$oid\\":\\"x\\"}"'],
  ["int32", '{"$numberInt":"1"}'],
  ["int64", '{"$numberLong":"1"}'],
  ["double", '{"$numberDouble":"NaN"}'],
  ["decimal", '{"$numberDecimal":"1"}'],
  ["objectId", '{"$oid":"000000000000000000000000"}'],
  ["date", '{"$date":{"$numberLong":"-1"}}'],
  ["binary", '{"$binary":{"base64":"","subType":"00"}}'],
  ["other", '{"$binary":{"base64":"","subType":"04"}}'],
  ["other", '{"$timestamp":{"t":1,"i":1}}'],
  ["other", '{"$regularExpression":{"pattern":"","options":""}}'],
  ["other", '{"$code":"x"}'],
  ["other", '{"$code":"x","$scope":{}}'],
  ["other", '{"$symbol":"x"}'],
  ["other", '{"$dbPointer":{"$ref":"c","$id":{"$oid":"000000000000000000000000"}}}'],
  ["other", '{"$minKey":1}'],
  ["other", '{"$maxKey":1}'],
  ["other", '{"$undefined":true}'],
  ["nested", "[]"],
  ["nested", "{}"],
  ["nested", '{"a":{"$numberInt":"1"}}'],
  ["nested", '{"$ref":"c","$id":{"$numberInt":"1"}}'],
  ["nested", '{"$id":1}'],
  ["nested", '{"$numberIntX":"1"}'],
  ["nested", '{"$numberInts":{}}'],
  ["nested", '{"$oids":"x"}'],
  ["nested", '{"$dates":{}}'],
  ["nested", '{"$":"x"}'],
  ["nested", '{"$set":{"a":true}}'],
  ["nested", '{"$codeX":"x"}'],
  ["nested", '{"$minKeys":"x"}'],
])("the kind %s has %s", (kind, text) => {
  expect(kindOf(text)).toBe(kind);
});

test.each(["", "plain", "\\", '"', "\n\t\0", "\u2028", "é😀", "\\u0041", "\\\\n"])(
  "the string %j comes back",
  (text) => {
    expect(fromByteText(stringOf(toByteText(JSON.stringify(text).slice(1, -1))))).toBe(text);
  },
);
