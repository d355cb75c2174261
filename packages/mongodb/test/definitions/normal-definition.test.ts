import { expect, test } from "vitest";
import { isSameOptions, unknownIndexes } from "../../src/definitions/compare-definitions.ts";
import { documentOf } from "../../src/definitions/definition.ts";

const int = (value: number): string => `{"$numberInt":"${value}"}`;
const A = `{"v":${int(2)},"key":{"a":${int(1)}},"name":"a_1"}`;
const more = (fields: string): string => `${A.slice(0, -1)},${fields}}`;
const isSame = (index: string, other: string): boolean =>
  unknownIndexes([documentOf(index)], [other]).length === 0;

test.each([
  ["in another order", `{"name":"a_1","key":{"a":${int(1)}},"v":${int(2)}}`],
  [
    "with other types of numbers",
    `{"v":{"$numberDouble":"2.0"},"key":{"a":{"$numberLong":"1"}},"name":"a_1"}`,
  ],
  ["without a version", `{"key":{"a":${int(1)}},"name":"a_1"}`],
  ["with switches that are off", more(`"unique":false,"sparse":${int(0)},"hidden":false`)],
  ["with what says how it was built", more('"background":true,"dropDups":true,"ns":"d.c"')],
])("an index %s is the same", (_, other) => {
  expect([isSame(A, other), isSame(other, A)]).toEqual([true, true]);
});

test("a switch that is a number is on as one that is true, and a collation has no order", () => {
  expect(isSame(more(`"sparse":${int(1)}`), more('"sparse":true'))).toBe(true);
  const collation = (inner: string): string => more(`"collation":{${inner}}`);
  const strength = `"strength":${int(2)}`;
  expect(isSame(collation(`"locale":"de",${strength}`), collation(`${strength},"locale":"de"`))).toBe(true);
});

test.each([
  ["key", A.replace('"a":', '"b":')],
  ["direction", A.replace(int(1), int(-1))],
  ["name", A.replace("a_1", "b")],
  ["version", A.replace(int(2), int(1))],
  ["uniqueness", more('"unique":true')],
  ["filter", more(`"partialFilterExpression":{"a":${int(1)}}`)],
  ["expiry", more(`"expireAfterSeconds":${int(1)}`)],
])("an index with another %s is another one", (_, other) => {
  expect([isSame(A, other), isSame(other, A)]).toEqual([false, false]);
});

test("the order of fields in a key and in a filter counts", () => {
  const both = (a: string, b: string): string =>
    A.replace(`"a":${int(1)}`, `"${a}":${int(1)},"${b}":${int(1)}`);
  expect(isSame(both("a", "b"), both("b", "a"))).toBe(false);
});

test("the index on _id is every collection's, listed or not", () => {
  expect(unknownIndexes([], [`{"v":${int(1)},"key":{"_id":${int(1)}},"name":"_id_"}`])).toEqual([]);
});

test.each([
  ["{}", '{"validationLevel":"strict","validationAction":"error"}'],
  ["{}", `{"flags":${int(1)},"capped":false,"autoIndexId":true}`],
  [`{"capped":true,"size":${int(4096)}}`, '{"size":{"$numberLong":"4096"},"capped":true}'],
  [
    '{"timeseries":{"timeField":"at","granularity":"hours"}}',
    '{"timeseries":{"granularity":"hours","timeField":"at"}}',
  ],
])("options %s mean the same as %s", (options, other) => {
  expect([isSameOptions(documentOf(options), other), isSameOptions(documentOf(other), options)]).toEqual([
    true,
    true,
  ]);
});

test.each([
  ["{}", '{"validationLevel":"off"}'],
  ["{}", '{"collation":{"locale":"de"}}'],
  [`{"validator":{"a":${int(1)},"b":${int(1)}}}`, `{"validator":{"b":${int(1)},"a":${int(1)}}}`],
  [`{"capped":true,"size":${int(4096)}}`, `{"capped":true,"size":${int(8192)}}`],
])("options %s mean something else than %s", (options, other) => {
  expect(isSameOptions(documentOf(options), other)).toBe(false);
});
