import {
  Binary,
  BSON,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  EJSON,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineEncoder } from "../../../src/line/writing/encode-line.ts";
import { rawLineDocument } from "../../../src/line/raw-line.ts";
import vectors from "../raw-lines.json" with { type: "json" };

const encoder = new LineEncoder();

function lineOf(document: Buffer): string {
  encoder.out.clear();
  encoder.encode(document, 0, document.length);
  return encoder.out.written().toString("utf8");
}

const bytesOf = (document: object): Buffer => Buffer.from(BSON.serialize(document));
const valueLine = (value: unknown): string => lineOf(bytesOf({ v: value }));

const text = fc.string({ unit: "binary" });
/** Names that are neither integers, which JavaScript would move, nor a wrapper's. */
const name = text.filter((n) => !n.includes("\0") && !/^\d+$|^\$|^__proto__$/.test(n));
const leaf = fc.oneof(
  text,
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((n) => new Int32(n)),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((b) => new ObjectId(b)),
  fc.tuple(fc.uint8Array(), fc.constantFrom(0, 1, 3, 5, 0x80)).map(([b, s]) => new Binary(Buffer.from(b), s)),
  fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)).map(([t, i]) => new Timestamp({ t, i })),
  fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }).map((n) => Decimal128.fromString(String(n))),
  fc
    .tuple(fc.constantFrom("", "-"), fc.maxSafeInteger(), fc.integer({ min: -9, max: 2 }))
    .map(([sign, digits, exponent]) =>
      Decimal128.fromString(`${sign}${Math.abs(digits) % 10 ** (digits & 15)}E${exponent}`),
    ),
  fc.constantFrom(new MinKey(), new MaxKey(), new BSONRegExp("a/b\n", "im"), new Code("f()")),
);
const { document } = fc.letrec<{ value: unknown; document: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(tie("value"), { maxLength: 4 }), tie("document")),
  document: fc.dictionary(name, tie("value"), { maxKeys: 6 }),
}));

test("a line is the canonical Extended JSON of its document, as bson's own writer has it", () => {
  fc.assert(
    fc.property(document, (value) => {
      expect(lineOf(bytesOf(value))).toBe(EJSON.stringify(value, { relaxed: false }));
    }),
    { numRuns: 500 },
  );
});

test("a line is JSON as JavaScript would write it again, so that text cut from it is canonical", () => {
  fc.assert(
    fc.property(document, (value) => {
      const line = lineOf(bytesOf(value));
      expect(JSON.stringify(JSON.parse(line))).toBe(line);
    }),
    { numRuns: 500 },
  );
});

test("a double is written so that it reads back as the same bits, always with a point or an exponent", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (n) => {
      const said = (JSON.parse(valueLine(new Double(n))) as { v: { $numberDouble: string } }).v.$numberDouble;
      expect(Object.is(Number(said), n)).toBe(true);
      expect(said).toMatch(/^-?\d+\.\d+(?:E[+-]?\d+)?$/);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [-123.5, "-123.5"],
  [NaN, "NaN"],
  [Infinity, "Infinity"],
  [-Infinity, "-Infinity"],
])("the double %d is %s", (n, said) => {
  expect(valueLine(new Double(n))).toBe(`{"v":{"$numberDouble":"${said}"}}`);
});

test("an empty document is {}", () => {
  expect(lineOf(bytesOf({}))).toBe("{}");
});

test("integer-like names keep their place", () => {
  expect(
    lineOf(
      bytesOf(
        new Map([
          ["b", true],
          ["1", false],
        ]),
      ),
    ),
  ).toBe('{"b":true,"1":false}');
});

test("a DBRef is an ordinary document", () => {
  const reference = { $ref: "c", $id: "x", $db: "d" };
  expect(valueLine(reference)).toBe('{"v":{"$ref":"c","$id":"x","$db":"d"}}');
});

test.each(vectors)("$title: the line holds the very bytes", ({ hex }) => {
  const document = Buffer.from(hex, "hex");
  expect(document.readInt32LE(0)).toBe(document.length);
  const line = lineOf(document);
  expect(line.startsWith('{"$firebreak":{"bson":"')).toBe(true);
  expect(rawLineDocument(line)).toEqual(document);
  expect(JSON.stringify(JSON.parse(line))).toBe(line);
});

test("a document is encoded from anywhere in a larger buffer, and after one that was given up", () => {
  const raw = Buffer.from(vectors[0]!.hex, "hex");
  const plain = bytesOf({ a: new Int32(1), sub: { a: "x" } });
  const all = Buffer.concat([raw, plain]);
  encoder.out.clear();
  encoder.encode(all, 0, raw.length);
  encoder.out.clear();
  encoder.encode(all, raw.length, plain.length);
  expect(encoder.out.written().toString()).toBe('{"a":{"$numberInt":"1"},"sub":{"a":"x"}}');
});

test("a duplicate among hundreds of names is noticed", () => {
  const fields = Array.from({ length: 300 }, (_, i) => Buffer.from(`\x08f${i}\0\x01`, "latin1"));
  const whole = (elements: Buffer[]): Buffer => {
    const size = Buffer.alloc(4);
    size.writeInt32LE(elements.reduce((n, e) => n + e.length, 5));
    return Buffer.concat([size, ...elements, Buffer.alloc(1)]);
  };
  expect(lineOf(whole(fields))).toMatch(/^\{"f0":true/);
  expect(lineOf(whole([...fields, fields[17]!]))).toMatch(/^\{"\$firebreak"/);
});
