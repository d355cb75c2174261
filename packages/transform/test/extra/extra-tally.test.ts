import {
  fieldsOf,
  LineEncoder,
  LineFields,
  RAW_LINE_START,
  rawFields,
  type ExtraCount,
  type ReadLine,
} from "@firebreak/archive";
import fc from "fast-check";
import { expect, test } from "vitest";
import { anyDocument } from "@firebreak/testing/documents/any-document";
import { emptyCollectionSurvey, surveyField } from "../../src/survey/collection-survey.ts";
import type { ColumnRule } from "@firebreak/mysql-format";
import { totalExtra } from "../../src/extra/extra-counts.ts";
import { ExtraTally } from "../../src/extra/extra-tally.ts";
import { RowMapper } from "../../src/tables/row-mapper.ts";
import { planTable, type TablePlan } from "../../src/tables/table-plan.ts";

const encoder = new LineEncoder();

function readLine(line: string): ReadLine {
  const isRaw = line.startsWith(RAW_LINE_START);
  if (isRaw) return { line, number: 1, isRaw, fields: fieldsOf([]) };
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return { line, number: 1, isRaw, fields };
}

function planWith(rules: Readonly<Record<string, ColumnRule>>): TablePlan {
  return {
    kind: "generic",
    namespace: "d.c",
    database: "d",
    table: "c",
    columns: [
      { name: "_id", rule: { kind: "integer", bits: 32 } },
      ...Object.entries(rules).map(([name, rule]) => ({ name, rule })),
      { name: "_extra", rule: { kind: "extra" } },
    ],
    rowEncoding: "values",
  };
}

/** What the tally counts of documents whose only field besides `_id` is this one. */
function countsOf(rules: Readonly<Record<string, ColumnRule>>, ...fields: readonly string[]): ExtraCount[] {
  const plan = planWith(rules);
  const tally = new ExtraTally(plan.columns);
  const mapper = new RowMapper(plan, tally);
  for (const field of fields) {
    expect(mapper.map(readLine(`{"_id":{"$numberInt":"1"},${field}}`))).toMatchObject({ kind: "row" });
    tally.keep();
  }
  return tally.counts();
}

const int = (text: string): string => `{"$numberInt":"${text}"}`;
const long = (text: string): string => `{"$numberLong":"${text}"}`;
const double = (text: string): string => `{"$numberDouble":"${text}"}`;
const decimal = (text: string): string => `{"$numberDecimal":"${text}"}`;
const date = (text: string): string => `{"$date":{"$numberLong":"${text}"}}`;
const binary = (bytes: number, subType = "00"): string =>
  `{"$binary":{"base64":"${Buffer.alloc(bytes).toString("base64")}","subType":"${subType}"}}`;

const DECIMAL: ColumnRule = { kind: "decimal", precision: 5, scale: 2 };
const INTEGER: ColumnRule = { kind: "integer", bits: 32 };

test.each<[ColumnRule, string, string | undefined]>([
  [{ kind: "string", maxCharacters: 3 }, '"abc"', undefined],
  [{ kind: "string", maxCharacters: 3 }, '"abcd"', "too-long"],
  [{ kind: "binary", maxBytes: 3 }, binary(3), undefined],
  [{ kind: "binary", maxBytes: 3 }, binary(4), "too-long"],
  [{ kind: "binary", maxBytes: 3 }, binary(3, "04"), "kind-other"],
  [DECIMAL, decimal("999.99"), undefined],
  [DECIMAL, decimal("1000.00"), "too-large"],
  [DECIMAL, decimal("-1000"), "too-large"],
  [DECIMAL, int("999"), undefined],
  [DECIMAL, int("1000"), "too-large"],
  [DECIMAL, long("1000"), "too-large"],
  [DECIMAL, decimal("1.230"), undefined],
  [DECIMAL, decimal("1.234"), "too-precise"],
  [DECIMAL, decimal("NaN"), "not-finite"],
  [DECIMAL, decimal("-0"), "negative-zero"],
  [DECIMAL, double("12.5"), "kind-double"],
  [{ kind: "double" }, long("9007199254740992"), undefined],
  [{ kind: "double" }, long("9007199254740993"), "too-precise"],
  [{ kind: "double" }, double("-0.0"), "negative-zero"],
  [{ kind: "double" }, double("Infinity"), "not-finite"],
  [{ kind: "double" }, decimal("1"), "kind-decimal"],
  [INTEGER, long("1"), "kind-int64"],
  [INTEGER, '"1"', "kind-string"],
  [INTEGER, "null", "null"],
  [INTEGER, "[]", "kind-nested"],
  [{ kind: "date" }, date("253402300799999"), undefined],
  [{ kind: "date" }, date("253402300800000"), "date-out-of-range"],
  [{ kind: "boolean" }, '"yes"', "kind-string"],
  [{ kind: "objectId" }, date("0"), "kind-date"],
  [{ kind: "nested" }, "true", "kind-boolean"],
  [{ kind: "uuid" }, '{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"04"}}', undefined],
  [{ kind: "uuid" }, '{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"03"}}', "kind-other"],
  [{ kind: "uuid" }, '{"$binary":{"base64":"AQE=","subType":"04"}}', "kind-other"],
])("of a column %j a value %s is in _extra for %s", (rule, value, reason) => {
  expect(countsOf({ a: rule }, `"a":${value}`)).toEqual(
    reason === undefined ? [] : [{ column: "a", reason, values: 1 }],
  );
});

test.each([
  ['"b":true', "b", "no-column"],
  ['"b":null', "b", "null"],
  ['"b":{"$minKey":1}', "b", "kind-other"],
  // As it was counted before UUIDs had columns.
  ['"b":{"$binary":{"base64":"AQEBAQEBAQEBAQEBAQEBAQ==","subType":"04"}}', "b", "kind-other"],
  ['"A":true', "A", "name-twin"],
  ['"":true', "", "name-unfit"],
  [`"${"n".repeat(65)}":true`, "n".repeat(65), "name-unfit"],
])("a field %s without a column is counted under its own name", (field, column, reason) => {
  expect(countsOf({ a: INTEGER }, field)).toEqual([{ column, reason, values: 1 }]);
});

test.each([
  [299, "no-column"],
  [300, "too-many-fields"],
])("where %i fields have columns, one more has none for %s", (count, reason) => {
  const columns = Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, INTEGER]));
  expect(countsOf(columns, '"more":true')).toEqual([{ column: "more", reason, values: 1 }]);
});

test("a hundred fields without a column are listed each, one more and all count as _extra", () => {
  const fields = Array.from({ length: 101 }, (_, i) => `"f${i}":true`);
  expect(countsOf({ a: INTEGER }, ...fields.slice(0, 100))).toHaveLength(100);
  expect(countsOf({ a: INTEGER }, ...fields, '"a":"text"', '"f7":null')).toEqual([
    { column: "a", reason: "kind-string", values: 1 },
    { column: "_extra", reason: "no-column", values: 101 },
    { column: "_extra", reason: "null", values: 1 },
  ]);
});

test("the sum of parts is the same however fields without a column were spread over them", () => {
  const field = (i: number): ExtraCount => ({ column: `f${i}`, reason: "no-column", values: 1 });
  const [few, others] = [
    Array.from({ length: 60 }, (_, i) => field(i)),
    Array.from({ length: 60 }, (_, i) => field(i + 50)),
  ];
  const all = [{ column: "_extra", reason: "no-column", values: 120 }];
  expect(totalExtra(["_id", "_extra"], [few, others])).toEqual(all);
  expect(totalExtra(["_id", "_extra"], [[...few, ...others]])).toEqual(all);
  expect(totalExtra(["_id", "_extra"], [few, [{ ...field(0), column: "_extra", values: 60 }]])).toEqual(all);
});

test("a document that goes to quarantine counts for nothing", () => {
  const plan = planWith({ a: INTEGER });
  const tally = new ExtraTally(plan.columns);
  const mapper = new RowMapper(plan, tally);
  expect(mapper.map(readLine('{"a":"text"}'))).toMatchObject({ kind: "quarantine" });
  // Of a key that is there already the mapper knows nothing: whoever does keeps no row.
  expect(mapper.map(readLine('{"_id":{"$numberInt":"1"},"a":"text"}'))).toMatchObject({ kind: "row" });
  expect(mapper.map(readLine('{"_id":{"$numberInt":"2"},"a":true}'))).toMatchObject({ kind: "row" });
  tally.keep();
  expect(tally.counts()).toEqual([{ column: "a", reason: "kind-boolean", values: 1 }]);
});

test("all that any document has in _extra is counted, and its row alone tells the same counts", () => {
  let rawCount = 0;
  fc.assert(
    fc.property(fc.array(anyDocument, { minLength: 1, maxLength: 6 }), (documents) => {
      const lines = documents.map((bson) => {
        encoder.out.clear();
        encoder.encode(bson, 0, bson.length);
        return readLine(encoder.out.written().toString("latin1"));
      });
      const survey = emptyCollectionSurvey();
      // The last document is surprise, as those of a delta are.
      for (const { fields } of lines.slice(0, -1))
        for (let i = 0; i < fields.count; i++)
          surveyField(survey, fields.names[i]!, fields.kinds[i]!, fields.contents[i]!);
      const plan = planTable("d.c", "d", "c", survey);
      const [tally, again] = [new ExtraTally(plan.columns), new ExtraTally(plan.columns)];
      const mapper = new RowMapper(plan, tally);
      let expected = 0;
      for (const line of lines) {
        const mapped = mapper.map(line);
        if (mapped.kind === "quarantine") continue;
        tally.keep();
        const cell = mapped.cells.at(-1);
        if (typeof cell !== "string") continue;
        again.keepCell(cell);
        if (line.isRaw) rawCount++;
        expected += cell.startsWith(RAW_LINE_START) ? rawFields(cell)!.length : readLine(cell).fields.count;
      }
      expect(tally.counts().reduce((sum, { values }) => sum + values, 0)).toBe(expected);
      expect(again.counts()).toEqual(tally.counts());
      const columns = plan.columns.map(({ name }) => name);
      expect(totalExtra(columns, [tally.counts()], [again.counts()])).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(rawCount).toBeGreaterThan(3);
});
