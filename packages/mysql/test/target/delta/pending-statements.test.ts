import { expect, test } from "vitest";
import type { TableFacts } from "../../../src/index.ts";
import { makesRoomIn, pendingStatements } from "../../../src/target/delta/pending-statements.ts";
import type { ColumnProblem } from "../../../src/target/preflight/findings.ts";

const widen = (column: string, type: string): string =>
  `ALTER TABLE \`t\` MODIFY COLUMN \`${column}\` ${type} NULL COMMENT 'firebreak: string'`;
const ADD = "ALTER TABLE `t` ADD COLUMN `more` TEXT";
const OTHER = "ALTER TABLE `t` ENGINE=InnoDB";

function found(...names: readonly string[]): TableFacts {
  return { columns: names.map((name) => ({ name })) } as unknown as TableFacts;
}

function lacking(...columns: readonly string[]): ColumnProblem[] {
  return columns.map((column) => ({ column, why: "narrower", expected: "", found: "" }));
}

const alter = [widen("a", "TEXT"), widen("B``b", "VARCHAR(64)"), ADD, OTHER];

test("columns that lack room are widened by one statement, for each one takes the whole table", () => {
  expect(pendingStatements({ alter }, found("a", "b`B"), lacking("a", "b`B"))).toEqual([
    `${widen("a", "TEXT")}, MODIFY COLUMN \`B\`\`b\` VARCHAR(64) NULL COMMENT 'firebreak: string'`,
    ADD,
    OTHER,
  ]);
});

test("a column that has room, or more than is asked for, is left as it is", () => {
  expect(pendingStatements({ alter }, found("a", "more"), lacking("a"))).toEqual([widen("a", "TEXT"), OTHER]);
  expect(pendingStatements({ alter: [widen("a", "TEXT")] }, found("a"), [])).toEqual([]);
});

test("of statements that nobody knows it is supposed that they make room", () => {
  expect(makesRoomIn({ alter: [widen("a", "TEXT"), ADD] }, "A")).toBe(true);
  expect(makesRoomIn({ alter: [widen("a", "TEXT"), ADD] }, "more")).toBe(true);
  expect(makesRoomIn({ alter: [widen("a", "TEXT"), ADD] }, "b")).toBe(false);
  expect(makesRoomIn({ alter: [OTHER] }, "b")).toBe(true);
  expect(makesRoomIn({}, "b")).toBe(false);
});
