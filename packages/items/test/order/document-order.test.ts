import {
  Binary,
  BSON,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";
import fc from "fast-check";
import type { MongoBulkWriteError } from "mongodb";
import { describe, expect, test } from "vitest";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { documentOrder, keyLineOf, DOCUMENT_KEY } from "../../src/index.ts";
import { LineFields, LineWriter } from "../../../archive/src/index.ts";

const { isLacking, why } = lacking("mongodb");

/** Numbers that are close to one another, in each type that can hold them. */
const numbers = fc
  .constantFrom(
    "0",
    "-0",
    "1",
    "-1",
    "1.5",
    "0.1",
    "-0.1",
    "0.30000000000000004",
    "0.3",
    "100",
    "1e2",
    "5e-324",
    "1e-400",
    "9007199254740992",
    "9007199254740993",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1.7976931348623157e308",
    "1e309",
    "-1e309",
    "2147483647",
    "2147483648",
    "NaN",
    "Infinity",
    "-Infinity",
    "0.1000000000000000055511151231257827",
    "123456789012345678901234567890.1234",
    "1e22",
    "1e23",
  )
  .chain((text) =>
    fc.constantFrom(
      new Double(Number(text)),
      Decimal128.fromString(text.replace("e", "E")),
      Long.fromString(String(BigInt.asIntN(64, BigInt(Math.trunc(clamp(Number(text))))))),
      new Int32(clamp(Number(text)) | 0),
    ),
  );
const texts = fc.oneof(
  fc.constantFrom("", "\0", "a", "a\0", "a\0b", "a\x01", "A", "é", "z", "长", "\u{1f600}", "\uffff"),
  fc.string({ maxLength: 3 }),
);
const scalars: fc.Arbitrary<unknown> = fc.oneof(
  { arbitrary: numbers, weight: 4 },
  texts,
  texts.map((text) => new BSONSymbol(text)),
  fc
    .uint8Array({ maxLength: 3 })
    .chain((bytes) => fc.constantFrom(0, 2, 3, 4, 5, 128, 255).map((subtype) => new Binary(bytes, subtype))),
  fc.constant(new Binary(Buffer.alloc(300), 0)),
  fc.boolean(),
  fc.constantFrom(null, new MinKey(), new MaxKey()),
  fc.integer({ min: -3, max: 3 }).map((n) => new Date(n * 1e12)),
  fc.tuple(fc.nat(3), fc.constantFrom(1, 2, 0xffffffff)).map(([t, i]) => new Timestamp({ t, i })),
  fc
    .constantFrom("000000000000000000000000", "65f000000000000000000001", "ffffffffffffffffffffffff")
    .map((hex) => new ObjectId(hex)),
  texts.map((text) => new Code(text)),
  texts.map((text) => new Code(text, { x: 1 })),
);
/** Regular expressions, undefined and arrays may only stand inside of a key. */
const nested: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalars,
    fc
      .constantFrom("a", "a|b", "")
      .chain((p) => fc.constantFrom("", "i", "im").map((o) => new BSONRegExp(p, o))),
    fc.constant(undefined),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("document"),
  ),
  document: fc
    .array(fc.tuple(fc.constantFrom("a", "b", "ab", "é", ""), tie("value")), { maxLength: 3 })
    .map((fields) => new Map(fields)),
})).document;

function clamp(value: number): number {
  return Number.isNaN(value) ? 0 : Math.max(-9e18, Math.min(9e18, value));
}

function orderOfDocument(document: Buffer): string {
  const writer = new LineWriter();
  writer.write(document, 0, document.length);
  const line = writer.out.written().toString("latin1");
  const fields = new LineFields();
  if (!line.startsWith('{"$firebreak"')) fields.read(line, 0, line.length);
  return documentOrder(keyLineOf({ line, fields }, DOCUMENT_KEY)!);
}

describe.skipIf(isLacking)(`the order of keys${why}`, () => {
  test("keys of all types stand in the order in which a server sorts them, and equal ones are one key", async () => {
    await using source = await mongodbDatabase(ownName("order"));
    const collection = source.db.collection("keys");
    const values = [
      ...fc.sample(scalars, { numRuns: 1500, seed: 8 }),
      ...fc.sample(nested, { numRuns: 1500, seed: 9 }),
    ];
    const refused = await collection
      .insertMany(
        // The driver's types know of ObjectIds alone.
        values.map((_id) => ({ _id: _id as ObjectId })),
        { ordered: false, ignoreUndefined: false, forceServerObjectId: true },
      )
      .then(
        () => 0,
        (error: MongoBulkWriteError) => {
          const errors = [error.writeErrors].flat();
          expect(errors.filter((e) => e.code !== 11000)).toEqual([]);
          return errors.length;
        },
      );
    const sorted = (await collection
      .find({}, { raw: true, hint: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray()) as unknown as Buffer[];
    const orders = sorted.map(orderOfDocument);
    expect(sorted.length).toBe(values.length - refused);
    expect(refused).toBeGreaterThan(500);
    const all = values.map((_id) =>
      orderOfDocument(Buffer.from(BSON.serialize({ _id }, { ignoreUndefined: false }))),
    );
    expect(new Set(all).size).toBe(orders.length);
    for (const [i, order] of orders.entries())
      if (i > 0 && !(orders[i - 1]! < order))
        expect.fail(`${texted(sorted[i - 1]!)} is not before ${texted(sorted[i]!)}`);
  });
});

function texted(document: Buffer): string {
  const writer = new LineWriter();
  writer.write(document, 0, document.length);
  return writer.out.written().toString();
}
