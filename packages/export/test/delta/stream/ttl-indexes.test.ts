import { LineFields, toByteText } from "@firebreak/archive";
import { expect, test } from "vitest";
import { dueOf, ttlIndexes } from "../../../src/delta/stream/ttl-indexes.ts";

function due(line: string, ...indexes: string[]): number {
  const fields = new LineFields();
  const text = toByteText(line);
  fields.read(text, 0, text.length);
  return dueOf({ fields }, ttlIndexes(indexes));
}
const date = (seconds: number): string => `{"$date":{"$numberLong":"${seconds * 1000}"}}`;
const index = (field: string, seconds: string, more = ""): string =>
  `{"v":{"$numberInt":"2"},"key":{"${field}":{"$numberInt":"1"}},"name":"n","expireAfterSeconds":${seconds}${more}}`;
const TEN = '{"$numberInt":"10"}';

test("a document is due so long after its date, after the earliest of several", () => {
  expect(due(`{"_id":"é","at":${date(5)}}`, index("at", TEN))).toBe(15);
  expect(
    due(`{"at":[${date(9)},{"$numberInt":"1"},${date(7)}]}`, index("at", '{"$numberDouble":"10.0"}')),
  ).toBe(17);
  expect(due(`{"a":[{"at":${date(3)}},{"at":[${date(2)}]}]}`, index("a.at", '{"$numberLong":"10"}'))).toBe(
    12,
  );
  expect(due(`{"a":${date(5)},"b":${date(4)}}`, index("a", TEN), index("b", TEN))).toBe(14);
});

test("without a date there it is never due", () => {
  for (const line of [
    "{}",
    '{"at":"x"}',
    '{"at":null}',
    '{"at":{"at":1}}',
    `{"other":${date(1)}}`,
    '{"at":[]}',
  ])
    expect(due(line, index("at", TEN))).toBe(Number.POSITIVE_INFINITY);
  expect(due(`{"a":${date(1)}}`, index("a.at", TEN))).toBe(Number.POSITIVE_INFINITY);
});

test("only indexes on one field, of all documents, are taken", () => {
  expect(
    ttlIndexes([index("at", TEN, ',"partialFilterExpression":{}'), '{"key":{"at":{"$numberInt":"1"}}}']),
  ).toEqual([]);
  expect(ttlIndexes([index("at", '{"$numberDouble":"NaN"}')])).toEqual([]);
});
