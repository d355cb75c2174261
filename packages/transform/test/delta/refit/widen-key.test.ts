import { fieldsOf } from "@firebreak/archive";
import { expect, test } from "vitest";
import {
  emptyCollectionSurvey,
  surveyField,
  type CollectionSurvey,
} from "../../../src/survey/collection-survey.ts";
import { sqlTypeOf } from "@firebreak/mysql-format";
import { widenKey } from "../../../src/delta/refit/widen-key.ts";
import { RowMapper } from "../../../src/tables/row-mapper.ts";
import { planTable, type TablePlan } from "../../../src/tables/table-plan.ts";

function surveyOf(ids: readonly string[]): CollectionSurvey {
  const survey = emptyCollectionSurvey();
  for (const id of ids) {
    const { kinds, contents } = fieldsOf([{ name: "_id", text: id }]);
    surveyField(survey, "_id", kinds[0]!, contents[0]!);
  }
  return survey;
}

/** The plan of a table for some keys, made wider for others. */
function planFor(known: string, others: readonly string[]): TablePlan {
  const plan = planTable("d.c", "d", "c", surveyOf([known]));
  const [key, ...columns] = plan.columns;
  const rule = widenKey(key!.rule, surveyOf(others).fields.get("_id"));
  return { ...plan, columns: [{ name: "_id", rule }, ...columns] };
}

const int = (n: number): string => `{"$numberInt":"${n}"}`;
const bytes = (n: number): string =>
  `{"$binary":{"base64":"${Buffer.alloc(n).toString("base64")}","subType":"00"}}`;
const text = (n: number): string => JSON.stringify("k".repeat(n));
const DOUBLE = '{"$numberDouble":"1.5"}';
const DECIMAL = '{"$numberDecimal":"1.5"}';
const LONG = '{"$numberLong":"9007199254740993"}';

test.each([
  ["double", DOUBLE, LONG, "key-out-of-range"],
  ["double", DOUBLE, '{"$numberDouble":"NaN"}', "key-out-of-range"],
  ["double", DOUBLE, '{"$numberDouble":"-0.0"}', "key-out-of-range"],
  ["double", DOUBLE, '{"$numberDecimal":"1"}', "key-other-type"],
  ["decimal(2,1)", DECIMAL, '{"$numberDecimal":"1E+64"}', "key-out-of-range"],
  ["decimal(2,1)", DECIMAL, '{"$numberDecimal":"1.55"}', "key-out-of-range"],
  ["decimal(2,1)", DECIMAL, '{"$numberDouble":"1.0"}', "key-other-type"],
  ["int", int(1), '{"$numberDouble":"2.0"}', "key-other-type"],
  ["int", int(1), '{"$numberDecimal":"2"}', "key-other-type"],
  ["int", int(1), '"seed-admin"', "key-other-type"],
  ["int", int(1), "null", "key-other-type"],
  ["int", int(1), `{"a":${int(1)}}`, "key-other-type"],
  [
    "datetime(3)",
    '{"$date":{"$numberLong":"0"}}',
    '{"$date":{"$numberLong":"-99999999999999"}}',
    "key-out-of-range",
  ],
  ["datetime(3)", '{"$date":{"$numberLong":"0"}}', int(0), "key-other-type"],
  ["char(24)", '{"$oid":"000000000000000000000000"}', '"000000000000000000000000"', "key-other-type"],
  ["tinyint(1)", "true", int(1), "key-other-type"],
  ["varchar(768)", '"a"', text(769), "key-too-long"],
  ["varchar(16)", '"a"', int(1), "key-other-type"],
  ["varbinary(3072)", bytes(3), bytes(3073), "key-too-long"],
  ["varbinary(16)", bytes(3), '{"$binary":{"base64":"AAAA","subType":"04"}}', "key-other-type"],
])("a key column %s that was made for %s does not hold %s", (type, known, odd, reason) => {
  const plan = planFor(known, [odd]);
  expect(sqlTypeOf(plan.columns[0]!.rule)).toBe(type);
  const line = `{"_id":${odd}}`;
  const read = { line, isRaw: false, fields: fieldsOf([{ name: "_id", text: odd }]) };
  expect(new RowMapper(plan).map(read)).toEqual({ kind: "quarantine", reason, field: "_id" });
});

test.each([
  ["bigint", int(1), [LONG, '"of another type"']],
  ["int", int(1), [int(2_147_483_647), DOUBLE]],
  ["decimal(3,1)", DECIMAL, ['{"$numberDecimal":"10"}']],
  ["decimal(65,1)", DECIMAL, ['{"$numberDecimal":"1E+63"}']],
  ["varchar(32)", text(16), [text(17), int(1)]],
  ["varchar(512)", text(3), [text(512)]],
  ["varchar(768)", text(3), [text(768)]],
  ["varchar(768)", text(3), [text(600), text(5000)]],
  ["varchar(16)", text(16), ['"a"']],
  ["varbinary(1000)", bytes(16), [bytes(1000)]],
  ["varbinary(3072)", bytes(16), [bytes(3072), bytes(4000)]],
])("the key column becomes %s", (type, known, others) => {
  expect(sqlTypeOf(planFor(known, others).columns[0]!.rule)).toBe(type);
});
