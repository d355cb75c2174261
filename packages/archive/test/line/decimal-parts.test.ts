import { Decimal128 } from "bson";
import fc from "fast-check";
import { expect, test } from "vitest";
import { decimalParts, integerDigitsOf, plainDecimal, scaleOf } from "../../src/line/decimal-parts.ts";

test.each([
  ["0", "", 0, "0"],
  ["-0", "", 0, "0"],
  ["0E+6111", "", 0, "0"],
  ["0.00", "", 0, "0"],
  ["1", "1", 0, "1"],
  ["100", "1", 2, "100"],
  ["1.50", "15", -1, "1.5"],
  ["-0.001", "1", -3, "-0.001"],
  ["1E+3", "1", 3, "1000"],
  ["1.23E-5", "123", -7, "0.0000123"],
  ["-9223372036854775808", "9223372036854775808", 0, "-9223372036854775808"],
])("%s is %s × 10^%i, plainly %s", (text, digits, exponent, plain) => {
  const parts = decimalParts(text)!;
  expect(parts).toMatchObject({ digits, exponent });
  if (text !== "-0") expect(plainDecimal(parts, scaleOf(parts))).toBe(plain);
});

test.each(["NaN", "Infinity", "-Infinity", "", "1.", ".5", "0x1", "1e"])(
  "%j is no number of digits",
  (text) => {
    expect(decimalParts(text)).toBeUndefined();
  },
);

test("the plain text of a Decimal128 has its value and as many digits as are said", () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 34n) + 1n, max: 10n ** 34n - 1n }), fc.integer({ min: -30, max: 30 }))
    .map(([coefficient, exponent]) => ({ coefficient, exponent }));
  fc.assert(
    fc.property(decimal, ({ coefficient, exponent }) => {
      const said = Decimal128.fromString(`${coefficient}E${exponent}`).toString();
      const parts = decimalParts(said)!;
      const plain = plainDecimal(parts, 30);
      expect(BigInt(plain.replace(".", ""))).toBe(coefficient * 10n ** BigInt(exponent + 30));
      const [whole, fraction] = plain.replace("-", "").split(".");
      expect(fraction).toHaveLength(30);
      expect(integerDigitsOf(parts)).toBe(
        whole === "0" ? Math.max(0, integerDigitsOf(parts)) : whole!.length,
      );
      expect(fraction!.replace(/0+$/, "").length).toBe(scaleOf(parts));
    }),
  );
});
