import { expect, test } from "vitest";
import { kindsAmong } from "../../src/source/unknown-objects.ts";

const tables = (listed: Readonly<Record<string, string>>) =>
  Object.entries(listed).flatMap(([table, noun]) => [
    { table, column: `${noun}_CATALOG` },
    { table, column: `${noun}_SCHEMA` },
    { table, column: `${noun}_NAME` },
  ]);

test("a kind of object that the server has and nobody knows here is found by its table", () => {
  const found = kindsAmong(
    tables({ TRIGGERS: "TRIGGER", POLICIES: "POLICY", MASKING_RULES: "MASKING_RULE" }),
  );
  expect(found).toEqual([
    { noun: "POLICY", table: "POLICIES" },
    { noun: "MASKING_RULE", table: "MASKING_RULES" },
  ]);
});

test("tables about parts of objects, as MySQL 9.7 and MariaDB 10.11 have them, are no kinds", () => {
  const parts = {
    VIEW_TABLE_USAGE: "VIEW",
    GEOMETRY_COLUMNS: "F_TABLE",
    PARAMETERS: "SPECIFIC",
    ROUTINE_LIBRARIES: "ROUTINE",
    CHECK_CONSTRAINTS: "CONSTRAINT",
    COLUMNS: "TABLE",
    LIBRARIES: "LIBRARY",
  };
  expect(kindsAmong(tables(parts))).toEqual([]);
  expect(kindsAmong([{ table: "ENGINES", column: "ENGINE" }])).toEqual([]);
});
