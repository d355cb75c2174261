import { BSON, Timestamp } from "bson";
import { expect, test } from "vitest";
import { zeroTimestampsOf } from "../../../src/target/writing/zero-timestamps.ts";

const ZERO = new Timestamp({ t: 0, i: 0 });
const found = (document: object): unknown => zeroTimestampsOf(Buffer.from(BSON.serialize(document)));

test("top-level fields that an insert would change are named, with the _id", () => {
  expect(found({ _id: "x", a: ZERO, b: 1, c: ZERO })).toEqual({ id: "x", fields: ["a", "c"] });
});

test("those that an insert leaves are not: the _id, what lies deeper, other times and other types", () => {
  expect(found({ _id: ZERO, a: { b: ZERO }, c: [ZERO] })).toBeUndefined();
  expect(found({ a: new Timestamp({ t: 0, i: 1 }), b: new Timestamp({ t: 1, i: 0 }) })).toBeUndefined();
  expect(found({ a: new Date(0), b: BSON.Long.ZERO })).toBeUndefined();
});
