import { Binary, Decimal128, Double, EJSON, Int32, Long, MinKey, ObjectId } from "bson";
import { contentOf, kindOf, toByteText } from "@firebreak/archive";
import { expect, test } from "vitest";
import { fieldValueOf, integerOf } from "../../src/documents/field-value.ts";
import { messageHeadOf } from "../../src/documents/message-head.ts";

test.each([
  [new Int32(-7), -7n],
  [Long.fromBigInt(588_513_846_231_072_769n), 588_513_846_231_072_769n],
  [new Double(1.5), 1.5],
  [new Double(Number.NaN), Number.NaN],
  [new Double(-Infinity), -Infinity],
  ['张三 "😀" \\ \n', '张三 "😀" \\ \n'],
  [true, true],
  [null, null],
  [new Date(1_700_000_000_123), new Date(1_700_000_000_123)],
  [new Date(-1), new Date(-1)],
  [new ObjectId("65e000000000000000000001"), { foreignKind: "objectId" }],
  [Decimal128.fromString("1"), { foreignKind: "decimal" }],
  [{ a: 1 }, { foreignKind: "nested" }],
  [[1], { foreignKind: "nested" }],
  [new MinKey(), { foreignKind: "other" }],
  [new Binary(Uint8Array.of(1), 0x80), { foreignKind: "other" }],
])("the value of a line's %o", (value, expected) => {
  const text = toByteText(EJSON.stringify(value, { relaxed: false }));
  const kind = kindOf(text);
  expect(fieldValueOf(kind, contentOf(text, kind))).toEqual(expected);
});

test("bytes come as they were", () => {
  const text = EJSON.stringify(new Binary(Uint8Array.of(0, 0xff, 0x22)), { relaxed: false });
  expect(fieldValueOf("binary", contentOf(text, "binary"))).toEqual(Buffer.from([0, 0xff, 0x22]));
});

test("a date beyond JavaScript's is foreign", () => {
  expect(fieldValueOf("date", "8640000000000001")).toEqual({ foreignKind: "date" });
});

test("digits in a string are no integer", () => {
  expect(integerOf("42")).toBe(undefined);
  expect(integerOf(42)).toBe(42n);
});

test("a message tells its head, its content type from the body where it has none, or nothing", () => {
  const document = {
    id: 1n,
    from: "b",
    type: 0n,
    target: "a|b",
    line: 0n,
    data: Uint8Array.of(0x08, 0x03),
    searchableKey: null,
    dt: undefined,
    contentType: 80n,
    to: undefined,
    others: [],
  };
  expect(messageHeadOf(document)).toEqual({ type: 0n, line: 0n, target: "a|b", contentType: 80n });
  expect(messageHeadOf({ ...document, contentType: null })).toMatchObject({ contentType: 3n });
  expect(messageHeadOf({ ...document, contentType: undefined, data: "x" })).toBe(undefined);
  expect(messageHeadOf({ ...document, type: "0" })).toBe(undefined);
  expect(messageHeadOf({ ...document, target: undefined })).toBe(undefined);
});
