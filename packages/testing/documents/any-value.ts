import { Decimal128 } from "bson";
import fc from "fast-check";
import { binaryOf, int32, nested, stringOf } from "./bson-bytes.ts";

/** A BSON value: its type and bytes. */
export interface Value {
  readonly type: number;
  readonly bytes: Buffer;
}

const NOTHING = Buffer.alloc(0);

const valueOf =
  (type: number) =>
  (bytes: Uint8Array): Value => ({ type, bytes: Buffer.from(bytes) });

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const bytesOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });

export const text: fc.Arbitrary<Buffer> = fc
  .oneof(
    { weight: 20, arbitrary: fc.string({ unit: "grapheme", maxLength: 12 }) },
    { weight: 10, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
    { weight: 5, arbitrary: fc.constantFrom("", "\0", "\u007f", "\u2028", '"\\\b\f\n\r\t/\u001f') },
    // Longer than what is written or read without a look at the room.
    { weight: 1, arbitrary: fc.constantFrom("aé\n".repeat(2000), "\0".repeat(5000)) },
  )
  .map((t) => Buffer.from(t));

/** Mostly not UTF-8: halves of letters and of surrogate pairs, overlong forms. */
export const oddText: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom("ff", "eda080", "c080", "e4b8", "f4908080", "61c3", "80").map(hex),
);

export const withoutZeros = (bytes: Buffer): Buffer => Buffer.from(bytes.filter((byte) => byte !== 0));

const double = fc.oneof(
  fc.double({ noNaN: true }).map(doubleBytes),
  fc
    .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(9))
    .map(([digits, decimals]) => doubleBytes(digits / 10 ** decimals)),
  fc
    .constantFrom(0, -0, NaN, Infinity, -Infinity, 5e-324, 1e15, 1e16, 1e21, 1e-6, 9.5e-7, 2 ** 53, 0.1 + 0.2)
    .map(doubleBytes),
);

const decimalText = (said: string): Buffer => Buffer.from(Decimal128.fromString(said).bytes);
const decimal = fc.oneof(
  fc
    .tuple(fc.bigInt({ min: 1n - 10n ** 34n, max: 10n ** 34n - 1n }), fc.integer({ min: -6176, max: 6111 }))
    .map(([digits, exponent]) => decimalText(`${digits}E${exponent}`)),
  fc
    .tuple(fc.constantFrom("", "-"), fc.integer({ min: 0, max: 1e12 }), fc.nat(9))
    .map(([sign, digits, decimals]) => decimalText(`${sign}${digits}E-${decimals}`)),
  fc.constantFrom("NaN", "Infinity", "-Infinity", "0", "-0", "0E+3", "999999999999999").map(decimalText),
);

const int64 = fc.oneof(
  bytesOf(8),
  fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }).map(int64Bytes),
  fc
    .constantFrom(0n, 1n, -1n, 2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n), 10n ** 15n, 2n ** 32n)
    .map(int64Bytes),
);

const binary = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 1, 3, 4, 5, 0x80, 0xff), fc.uint8Array({ maxLength: 100 }))
    .map(([subType, bytes]) => binaryOf(subType, Buffer.from(bytes))),
  fc
    .tuple(fc.nat(255), fc.integer({ min: 200, max: 600 }))
    .map(([byte, length]) => binaryOf(0, Buffer.alloc(length, byte))),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => binaryOf(2, Buffer.concat([int32(bytes.length), bytes]))),
);

const expressionOf = ([pattern, options]: readonly [Buffer, Buffer]): Buffer =>
  Buffer.concat([pattern, Buffer.alloc(1), options, Buffer.alloc(1)]);

/** Values that text can say. */
export const leaf: fc.Arbitrary<Value> = fc.oneof(
  text.map((t) => valueOf(0x02)(stringOf(t))),
  double.map(valueOf(0x01)),
  bytesOf(4).map(valueOf(0x10)),
  fc.constantFrom(0, -1, 9, 10, 2 ** 31 - 1, -(2 ** 31)).map((n) => valueOf(0x10)(int32(n))),
  int64.map(valueOf(0x12)),
  int64.map(valueOf(0x09)),
  bytesOf(8).map(valueOf(0x11)),
  decimal.map(valueOf(0x13)),
  binary.map(valueOf(0x05)),
  bytesOf(12).map(valueOf(0x07)),
  fc.constantFrom(0, 1).map((byte) => valueOf(0x08)(Buffer.from([byte]))),
  fc.constantFrom(0x06, 0x0a, 0x7f, 0xff).map((type) => valueOf(type)(NOTHING)),
  fc
    .tuple(text.map(withoutZeros), fc.constantFrom("", "i", "im", "ilmsux"))
    .map(([pattern, options]) => valueOf(0x0b)(expressionOf([pattern, Buffer.from(options)]))),
  text.map((t) => valueOf(0x0d)(stringOf(t))),
  text.map((t) => valueOf(0x0e)(stringOf(t))),
  fc.tuple(text, bytesOf(12)).map(([t, id]) => valueOf(0x0c)(Buffer.concat([stringOf(t), id]))),
);

/** Values that text cannot say, most of them; some that no driver writes, and some that are no values. */
export const oddLeaf: fc.Arbitrary<Value> = fc.oneof(
  oddText.map((t) => valueOf(0x02)(stringOf(t))),
  fc.tuple(fc.constantFrom(0x0d, 0x0e), oddText).map(([type, t]) => valueOf(type)(stringOf(t))),
  fc.oneof(bytesOf(8), fc.constantFrom("010000000000f87f", "000000000000f8ff").map(hex)).map(valueOf(0x01)),
  bytesOf(16).map(valueOf(0x13)),
  fc.uint8Array({ maxLength: 8 }).map((bytes) => valueOf(0x05)(binaryOf(2, Buffer.from(bytes)))),
  fc
    .tuple(
      oddText.map(withoutZeros),
      fc.oneof(
        fc.constantFrom("mi", "ii", "é").map((t) => Buffer.from(t)),
        oddText.map(withoutZeros),
      ),
    )
    .map((parts) => valueOf(0x0b)(expressionOf(parts))),
  fc.nat(255).map((byte) => valueOf(0x08)(Buffer.from([byte]))),
  fc.constantFrom(198, 199, 200, 201, 260).map((levels) => valueOf(0x03)(nested(levels))),
  fc
    .integer({ min: -9, max: 9 })
    .map((length) => valueOf(0x02)(Buffer.concat([int32(length), Buffer.from("abc\0")]))),
  fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 20 })).map(([type, bytes]) => valueOf(type)(bytes)),
);

function doubleBytes(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function int64Bytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}
