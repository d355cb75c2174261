import { expect, test } from "vitest";
import type { TargetFacts } from "@firebreak/archive";
import { emptyCollectionSurvey, surveyField } from "../../src/survey/collection-survey.ts";
import { sqlTypeOf, type ColumnRule } from "@firebreak/mysql-format";
import { planTable } from "../../src/tables/table-plan.ts";
import { ruleInTarget, targetColumns } from "../../src/tables/target-columns.ts";

type Column = TargetFacts["shapes"][number]["columns"][number];

function column(type: string, more: Partial<Column> = {}): Column {
  return {
    name: "v",
    type,
    isUnsigned: false,
    isNullable: true,
    isDefaultExpression: false,
    isAutoIncrement: false,
    ...more,
  };
}

function facts(table: string, ...columns: readonly Column[]): TargetFacts {
  return {
    format: "firebreak-target-facts",
    formatVersion: 1,
    shapes: [{ tables: [table], columns: [...columns], uniqueKeys: [] }],
    filled: [],
    rowEstimates: {},
    zones: {},
  };
}

const text = (maxCharacters: number): ColumnRule => ({ kind: "string", maxCharacters });
const lob = (maxBytes: number): ColumnRule => ({ kind: "string", maxBytes });
const bytes = (maxBytes: number): ColumnRule => ({ kind: "binary", maxBytes });
const int: ColumnRule = { kind: "integer", bits: 32 };
const decimal: ColumnRule = { kind: "decimal", precision: 9, scale: 2 };

test.each<[ColumnRule, Column, string | undefined]>([
  [text(16), column("varchar", { characters: 15 }), undefined],
  [text(16), column("varchar", { characters: 16 }), "varchar(16)"],
  [text(16), column("varchar", { characters: 17 }), "varchar(17)"],
  [text(16), column("varchar", { characters: 2000, characterSet: "utf8mb4" }), "varchar(2000)"],
  [text(16), column("varchar", { characters: 2000, characterSet: "latin1" }), undefined],
  [text(16), column("tinytext", { bytes: 255 }), undefined],
  [text(16), column("text", { bytes: 65_535 }), "text"],
  [text(16_383), column("text", { bytes: 65_535 }), "text"],
  [text(16_384), column("text", { bytes: 65_535 }), undefined],
  [lob(65_535), column("text", { bytes: 65_535 }), "text"],
  [lob(65_536), column("text", { bytes: 65_535 }), undefined],
  [lob(1000), column("longtext", { bytes: 4_294_967_295 }), "longtext"],
  [lob(1000), column("varchar", { characters: 2000 }), undefined],
  [bytes(16), column("varbinary", { bytes: 15 }), undefined],
  [bytes(16), column("varbinary", { bytes: 17 }), "varbinary(17)"],
  [bytes(16), column("varbinary", { bytes: 5000 }), "varbinary(3072)"],
  [bytes(4000), column("varbinary", { bytes: 5000 }), undefined],
  [bytes(16), column("mediumblob", { bytes: 16_777_215 }), "mediumblob"],
  [bytes(16), column("tinyblob", { bytes: 255 }), undefined],
  [int, column("mediumint"), undefined],
  [int, column("int"), "int"],
  [int, column("int", { isUnsigned: true }), undefined],
  [int, column("bigint"), "bigint"],
  [{ kind: "integer", bits: 64 }, column("int"), undefined],
  [{ kind: "integer", bits: 64 }, column("bigint"), "bigint"],
  [decimal, column("decimal", { precision: 8, scale: 2 }), undefined],
  [decimal, column("decimal", { precision: 9, scale: 2 }), "decimal(9,2)"],
  [decimal, column("decimal", { precision: 10, scale: 2 }), "decimal(10,2)"],
  [decimal, column("decimal", { precision: 20, scale: 3 }), undefined],
  [decimal, column("decimal", { precision: 20, scale: 1 }), undefined],
  [decimal, column("double"), undefined],
  [{ kind: "double" }, column("double"), undefined],
  [{ kind: "date" }, column("datetime(6)"), undefined],
  [text(16), column("int"), undefined],
])("%j beside what is in the target: %j", (rule, there, type) => {
  const found = ruleInTarget(rule, there);
  expect(found && sqlTypeOf(found)).toBe(type);
});

test("a BIGINT in the target takes Int32s, which stay Int32 on their way back", () => {
  expect(ruleInTarget(int, column("bigint"))).toEqual({ kind: "integer", bits: 64, valueBits: 32 });
});

test("tables and columns are found whatever their letters' case, and no others", () => {
  expect([...targetColumns(facts("People", column("int")), "people").keys()]).toEqual(["v"]);
  expect(targetColumns(facts("people", column("int")), "things").size).toBe(0);
  expect(targetColumns(undefined, "people").size).toBe(0);
});

test("a new plan keeps columns of the target that take all values, and gives room to those that do not", () => {
  const survey = emptyCollectionSurvey();
  surveyField(survey, "_id", "string", "abcd");
  surveyField(survey, "fits", "string", "x".repeat(9));
  surveyField(survey, "short", "string", "x".repeat(40));
  const there = [
    column("varchar", { name: "_ID", characters: 100 }),
    column("varchar", { name: "fits", characters: 16 }),
    column("varchar", { name: "short", characters: 30 }),
  ];
  const { columns } = planTable("d.c", "d", "c", survey, {
    inTarget: targetColumns(facts("c", ...there), "c"),
  });
  expect(columns.map((c) => [c.name, sqlTypeOf(c.rule)])).toEqual([
    ["_id", "varchar(100)"],
    ["fits", "varchar(16)"],
    ["short", "varchar(128)"],
    ["_extra", "longtext"],
  ]);
});
