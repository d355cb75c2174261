import { expect, test } from "vitest";
import { sqlValue, withParameters } from "../../src/file/parameters.ts";

test("parameters take their places in a filter, also inside of operators and lists", () => {
  const filter = { a: { $gt: { $parameter: 2 } }, $or: [{ b: { $parameter: 1 } }, { c: 3 }] };
  expect(withParameters(filter, ["x", { $numberLong: "7" }])).toEqual({
    a: { $gt: { $numberLong: "7" } },
    $or: [{ b: "x" }, { c: 3 }],
  });
});

test.each([
  [null, null],
  ["x", "x"],
  [true, 1n],
  [7, 7n],
  [1.5, "1.5"],
  [{ $numberLong: "9007199254740993" }, 9007199254740993n],
  [{ $oid: "0123456789abcdef01234567" }, "0123456789abcdef01234567"],
  [{ $date: "2024-01-02T03:04:05.678Z" }, "2024-01-02 03:04:05.678"],
  [{ $date: { $numberLong: "0" } }, "1970-01-01 00:00:00.000"],
  [{ $numberDecimal: "1.10" }, "1.10"],
])("%o goes to SQL as %o", (value, expected) => {
  expect(sqlValue(value)).toBe(expected);
});
