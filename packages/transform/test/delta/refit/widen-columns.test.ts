import { expect, test } from "vitest";
import { contentOf, kindOf } from "@firebreak/archive";
import {
  emptyCollectionSurvey,
  surveyField,
  type CollectionSurvey,
} from "../../../src/survey/collection-survey.ts";
import { sqlTypeOf, type ColumnPlan, type ColumnRule } from "@firebreak/mysql-format";
import { widenColumns } from "../../../src/delta/refit/widen-columns.ts";

const KEY: ColumnPlan = { name: "_id", rule: { kind: "objectId" } };
const EXTRA: ColumnPlan = { name: "_extra", rule: { kind: "extra" } };

const text = (maxCharacters: number): ColumnRule => ({ kind: "string", maxCharacters });
const lob = (maxBytes: number): ColumnRule => ({ kind: "string", maxBytes });
const bytes = (maxBytes: number): ColumnRule => ({ kind: "binary", maxBytes });
const decimal = (precision: number, scale: number): ColumnRule => ({ kind: "decimal", precision, scale });
const int: ColumnRule = { kind: "integer", bits: 32 };

const string = (n: number): string => JSON.stringify("x".repeat(n));
const binary = (n: number): string =>
  `{"$binary":{"base64":"${Buffer.alloc(n).toString("base64")}","subType":"00"}}`;
const number = (t: string): string => `{"$numberDecimal":"${t}"}`;
const INT32 = '{"$numberInt":"2147483647"}';
const INT64 = '{"$numberLong":"5"}';
const DOUBLE = '{"$numberDouble":"123456.0"}';

function surveyOf(name: string, values: readonly string[]): CollectionSurvey {
  const survey = emptyCollectionSurvey();
  for (const value of values) surveyField(survey, name, kindOf(value), contentOf(value, kindOf(value)));
  return survey;
}

function widened(rule: ColumnRule, values: readonly string[], statements: readonly string[] = []): string {
  const columns = [KEY, { name: "v", rule }, { name: "w", rule: text(255) }, EXTRA];
  const found = widenColumns(columns, surveyOf("v", values), statements);
  expect(found.map((c) => c.name)).toEqual(columns.map((c) => c.name));
  return sqlTypeOf(found[1]!.rule);
}

test.each<[ColumnRule, string[], string]>([
  // Length: up to it the column stays, beyond it it gets a new one with room.
  [text(16), [string(15)], "varchar(16)"],
  [text(16), [string(16)], "varchar(16)"],
  [text(16), [string(17)], "varchar(64)"],
  [text(16), [string(17), INT32, "null", "true"], "varchar(64)"],
  [text(255), [string(384)], "text"],
  [text(20_000), [string(20_001)], "mediumtext"],
  [lob(65_535), [string(65_535)], "text"],
  [lob(65_535), [string(65_536)], "mediumtext"],
  [bytes(16), [binary(16)], "varbinary(16)"],
  [bytes(16), [binary(17)], "varbinary(64)"],
  [bytes(3072), [binary(3073)], "blob"],
  [bytes(65_535), [binary(65_535)], "blob"],
  [bytes(65_535), [binary(65_536)], "mediumblob"],
  // Size of integers.
  [int, [INT32], "int"],
  [int, [INT64], "bigint"],
  [int, [DOUBLE], "int"],
  [{ kind: "integer", bits: 64 }, [INT64], "bigint"],
  // Digits before the point, and never decimals.
  [decimal(5, 2), [number("999.99")], "decimal(5,2)"],
  [decimal(5, 2), [number("1000")], "decimal(11,2)"],
  [decimal(5, 2), [number("1000.001")], "decimal(5,2)"],
  [decimal(5, 2), [number("1000.001"), number("12345.5")], "decimal(20,2)"],
  [decimal(5, 2), [number("100000.001"), number("1234.5")], "decimal(11,2)"],
  [decimal(5, 2), ['{"$numberInt":"-999"}'], "decimal(5,2)"],
  [decimal(5, 2), ['{"$numberInt":"-1000"}'], "decimal(11,2)"],
  [decimal(5, 2), [DOUBLE], "decimal(5,2)"],
  [decimal(32, 30), [number("1E+33")], "decimal(65,30)"],
  [decimal(65, 30), [number("1E+36")], "decimal(65,30)"],
  [decimal(65, 30), [number("1E+36"), number("1E+34")], "decimal(65,30)"],
  // Others have no wider column.
  [{ kind: "double" }, ['{"$numberLong":"9007199254740993"}'], "double"],
  [{ kind: "boolean" }, [INT32], "tinyint(1)"],
  [{ kind: "nested" }, [string(9)], "longtext"],
])("a column %j for values %#", (rule, values, type) => {
  expect(widened(rule, values)).toBe(type);
});

test("an INT that becomes a BIGINT still says that its values were Int32", () => {
  const [, column] = widenColumns([KEY, { name: "v", rule: int }, EXTRA], surveyOf("v", [INT64]), []);
  expect(column!.rule).toEqual({ kind: "integer", bits: 64, valueBits: 32 });
});

test.each<[string, number, string]>([
  ["CREATE INDEX `i` ON `t` (`v`)", 384, "varchar(512)"],
  ["CREATE UNIQUE INDEX `i` ON `t (``x`` )` (`w`, `v` DESC)", 200, "varchar(512)"],
  ["CREATE INDEX `i` ON `t` (`w`, `v`)", 513, "varchar(16)"],
  ["CREATE INDEX `i` ON `t` (`w`, `v`(191))", 513, "text"],
  ["CREATE INDEX `i` ON `t` (`w`)", 513, "text"],
])("a column of the index %s does not outgrow it", (statement, length, type) => {
  expect(widened(text(16), [string(length)], [statement])).toBe(type);
});

// The page has 24 bytes left beside 226 of these columns; the filler takes half a byte a digit, and two.
test.each([
  [28, "decimal(11,2)"],
  [30, "decimal(6,2)"],
  [34, "decimal(6,2)"],
  [36, "decimal(5,2)"],
])("where a column of %i digits fills the page, one is widened to %s", (digits, type) => {
  const others = Array.from({ length: 226 }, (_, i) => ({ name: `f${i}`, rule: decimal(65, 0) }));
  const filler = { name: "filler", rule: decimal(digits, 0) };
  const columns = [KEY, { name: "v", rule: decimal(5, 2) }, ...others, filler, EXTRA];
  const survey = surveyOf("v", [number("1000")]);
  expect(sqlTypeOf(widenColumns(columns, survey, [])[1]!.rule)).toBe(type);
});

test.each<[ColumnRule, string[], string]>([
  [int, [INT64], "bigint"],
  [int, [INT32], "int"],
  [decimal(5, 2), [number("999.99")], "decimal(5,2)"],
  [decimal(5, 2), [number("1000")], "decimal(6,2)"],
  [decimal(5, 2), [number("1000.001")], "decimal(5,2)"],
  [text(16), [string(16)], "varchar(16)"],
  [text(16), [string(17)], "varchar(32)"],
  [text(16), [string(769)], "varchar(768)"],
  [text(16), [INT32], "varchar(16)"],
])("a key %j is as wide as values %# need, without room", (rule, values, type) => {
  const [key] = widenColumns([{ name: "_id", rule }, EXTRA], surveyOf("_id", values), []);
  expect(sqlTypeOf(key!.rule)).toBe(type);
});
