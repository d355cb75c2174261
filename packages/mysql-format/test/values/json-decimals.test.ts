import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonDecimals } from "../../src/index.ts";

test.each([
  ['{"price": 1.50}', ['$."price" 1.50']],
  ["1.50", ["$ 1.50"]],
  ["-0.10", ["$ -0.10"]],
  ["[1, [2.00, 3], {}]", ["$[1][0] 2.00"]],
  ['{"a": {"b c": [0, 7.70]}, "d": 8.80}', ['$."a"."b c"[1] 7.70', '$."d" 8.80']],
  // More digits than a DOUBLE is shown with, and than a BIGINT has.
  ["0.1000000000000000055", ["$ 0.1000000000000000055"]],
  ["123456789012345678.0", ["$ 123456789012345678.0"]],
  [
    "[18446744073709551616, -9223372036854775809]",
    ["$[0] 18446744073709551616", "$[1] -9223372036854775809"],
  ],
  // Names and texts may look like anything.
  ['{"a\\"b: 1.50": "2.50", "": 3.50}', ['$."" 3.50']],
  ['["\\\\", 1.50, "x: 2.50"]', ["$[1] 1.50"]],
])("the DECIMALs of %s are found with their paths", (json, expected) => {
  expect(jsonDecimals(json).map(({ path, text }) => `${path} ${text}`)).toEqual(expected);
});

test.each([
  "1.5",
  "1.0",
  "-0.0",
  "100.0",
  "0.0000001",
  "1.2345678901234568e17",
  "[18446744073709551615, -9223372036854775808]",
  '"1.50"',
  `1.${"0".repeat(31)}`,
])("in %s there is none", (json) => {
  expect(jsonDecimals(json)).toEqual([]);
});

test("no number is taken for a DECIMAL that is written by the fewest digits of a double", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const shortest = String(value);
      const shown = Number.isInteger(value) && !shortest.includes("e") ? `${shortest}.0` : shortest;
      expect(jsonDecimals(`[${shown}]`)).toEqual([]);
    }),
  );
});
