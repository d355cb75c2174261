import { expect, test } from "vitest";
import { lineFormOf } from "../../src/index.ts";

test.each([
  ["tinyint(1)", "tinyint", {}, "int32"],
  ["mediumint unsigned", "mediumint", {}, "int32"],
  ["int", "int", {}, "int32"],
  ["int(10) unsigned zerofill", "int", {}, "int64"],
  ["bigint", "bigint", {}, "int64"],
  ["bigint unsigned", "bigint", {}, "uint64"],
  ["decimal(34,2)", "decimal", { precision: 34, scale: 2 }, "decimal"],
  ["decimal(35,2)", "decimal", { precision: 35, scale: 2 }, "text"],
  ["float", "float", {}, "double"],
  ["date", "date", {}, "date"],
  ["datetime(3)", "datetime", { fraction: 3 }, "datetime"],
  ["timestamp(4)", "timestamp", { fraction: 4 }, "text"],
  ["time(6)", "time", { fraction: 6 }, "text"],
  ["year", "year", {}, "text"],
  ["enum('a unsigned')", "enum", {}, "characters"],
  ["enum('','a')", "enum", { isNumbered: true }, "member"],
  ["json", "json", {}, "characters"],
  ["bit(1)", "bit", {}, "binary"],
  ["geomcollection", "geomcollection", {}, "binary"],
  ["vector(3)", "vector", {}, "binary"],
  ["a type of tomorrow", "tomorrow", {}, "binary"],
] as const)("a column of %s is in a line as its type says", (sqlType, dataType, more, form) => {
  expect(lineFormOf({ sqlType, dataType, ...more })).toBe(form);
});
