import { expect, test } from "vitest";
import type { TableFacts } from "../../../src/index.ts";
import { isNewIndex, makesRoomIn, pendingStatements } from "../../../src/target/delta/pending-statements.ts";
import type { ColumnProblem } from "../../../src/target/preflight/findings.ts";

const widen = (column: string, type: string): string =>
  `ALTER TABLE \`t\` MODIFY COLUMN \`${column}\` ${type} NULL COMMENT 'firebreak: string'`;
const ADD = "ALTER TABLE `t` ADD COLUMN `more` TEXT";
const OTHER = "ALTER TABLE `t` ENGINE=InnoDB";

function found(...names: readonly string[]): TableFacts {
  return { columns: names.map((name) => ({ name })), indexes: [] } as unknown as TableFacts;
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

test("an index is made if it is not there, dropped if it is, and makes no room", () => {
  const [create, unique] = ["CREATE INDEX `A_1` ON `t` (`a`)", "CREATE UNIQUE INDEX `b``_1` ON `t` (`b`)"];
  const drop = "ALTER TABLE `t` DROP INDEX `old_1`";
  const alter = [drop, create, unique];
  const withIndexes = (...names: readonly string[]): TableFacts =>
    ({ columns: [{ name: "a" }], indexes: names.map((name) => ({ name })) }) as unknown as TableFacts;
  expect(pendingStatements({ alter }, withIndexes("old_1"), [])).toEqual(alter);
  expect(pendingStatements({ alter }, withIndexes("old_1", "a_1"), [])).toEqual([drop, unique]);
  expect(pendingStatements({ alter }, withIndexes("a_1", "B`_1"), [])).toEqual([]);
  expect(alter.map(isNewIndex)).toEqual([false, true, true]);
  expect(makesRoomIn({ alter }, "a")).toBe(false);
});
