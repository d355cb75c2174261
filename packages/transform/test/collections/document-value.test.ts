import { Decimal128 } from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { documentValue } from "../../src/collections/document-value.ts";
import { contentOf, kindOf } from "@firebreak/archive";
import type { CommentKind } from "@firebreak/mysql-format";

function valueOf(kind: Exclude<CommentKind, "extra">, text: string): string | undefined {
  const found = kindOf(text);
  return documentValue(kind, found, contentOf(text, found), text);
}

const int = '{"$numberInt":"7"}';
const long = '{"$numberLong":"7"}';
const double = '{"$numberDouble":"7.0"}';
const decimal = '{"$numberDecimal":"7"}';
const date = '{"$date":{"$numberLong":"7"}}';
const bytes = '{"$binary":{"base64":"AA==","subType":"00"}}';
const uuid = "AQEBAQEBAQEBAQEBAQEBAQ==";
const binaryOf = (base64: string, subType: string): string =>
  `{"$binary":{"base64":"${base64}","subType":"${subType}"}}`;
const oid = '"0102030405060708090a0b0c"';

test.each<[Exclude<CommentKind, "extra">, string, string]>([
  ["int32", int, int],
  ["int64", long, long],
  ["wideInt32", long, int],
  ["wideInt32", '{"$numberLong":"2147483647"}', '{"$numberInt":"2147483647"}'],
  ["wideInt32", '{"$numberLong":"2147483648"}', '{"$numberLong":"2147483648"}'],
  ["wideInt32", '{"$numberLong":"-2147483648"}', '{"$numberInt":"-2147483648"}'],
  ["wideInt32", '{"$numberLong":"-2147483649"}', '{"$numberLong":"-2147483649"}'],
  ["double", double, double],
  ["decimal", decimal, decimal],
  ["boolean", '{"$numberInt":"0"}', "false"],
  ["boolean", '{"$numberInt":"1"}', "true"],
  ["string", '"7"', '"7"'],
  ["date", date, date],
  ["objectId", oid, `{"$oid":${oid}}`],
  ["binary", bytes, bytes],
  ["uuid", binaryOf(uuid, "00"), binaryOf(uuid, "04")],
  ["uuidLegacy", binaryOf(uuid, "00"), binaryOf(uuid, "03")],
  ["nested", '"{\\"a\\":[1]}"', '{"a":[1]}'],
  ["keyText", '"{\\"$numberInt\\":\\"7\\"}"', int],
  ["keyText", '"\\"text\\""', '"text"'],
])("a column of %s with %s is %s again", (kind, text, value) => {
  expect(valueOf(kind, text)).toBe(value);
});

test.each<[Exclude<CommentKind, "extra">, string]>([
  ["int32", long],
  ["wideInt32", int],
  ["int64", int],
  ["double", int],
  ["decimal", double],
  ["decimal", '"7,5"'],
  ["decimal", `"${"1".repeat(35)}"`],
  ["boolean", int],
  ["boolean", "true"],
  ["string", bytes],
  ["date", '"0000-00-00 00:00:00.000"'],
  ["objectId", '"0102030405060708090A0B0C"'],
  ["objectId", '""'],
  ["binary", '"7"'],
  ["uuid", bytes],
  ["uuid", '"7"'],
  ["nested", '"7"'],
  ["nested", '"{}]"'],
  ["nested", '"{},\\"b\\":1"'],
  ["keyText", '"1,\\"b\\":1"'],
  ["keyText", '""'],
])("a column of %s does not make a value of %s", (kind, text) => {
  expect(valueOf(kind, text)).toBeUndefined();
});

test("a DECIMAL is the Decimal128 of its value, without the zeros that its column adds", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }),
      fc.integer({ min: 0, max: 30 }),
      fc.boolean(),
      (unscaled, scale, isWide) => {
        const digits = String(unscaled)
          .replace("-", "")
          .padStart(scale + 1, "0");
        const sign = unscaled < 0n ? "-" : "";
        const point = digits.length - scale;
        const plain = `${sign}${digits.slice(0, point)}${scale > 0 ? `.${digits.slice(point)}` : ""}`;
        const exported = isWide
          ? `"${plain}"`
          : `{"$numberDecimal":"${Decimal128.fromString(plain).toString()}"}`;
        const found = valueOf("decimal", exported)!;
        const text = /"\$numberDecimal":"([^"]+)"/.exec(found)![1]!;
        // The spelling is the driver's own, and so is the value.
        expect(Decimal128.fromString(text).toString()).toBe(text);
        const short = scale > 0 ? plain.replace(/\.?0+$/, "") : plain;
        expect(text).toBe(Decimal128.fromString(short === "-0" ? "0" : short).toString());
      },
    ),
  );
});

test("a DECIMAL of more whole digits than 34 has its zeros in the exponent", () => {
  expect(valueOf("decimal", `"12${"0".repeat(40)}"`)).toBe('{"$numberDecimal":"1.2E+41"}');
});
