import { expect, test } from "vitest";
import { indexChanges } from "../../src/delta/index-changes.ts";

const create = (name: string, columns: string, kind = ""): { name: string; statement: string } => ({
  name,
  statement: `CREATE ${kind}INDEX \`${name}\` ON \`t\` (${columns})`,
});
const drop = (name: string): string => `ALTER TABLE \`t\` DROP INDEX \`${name}\``;

function changes(
  old: readonly ReturnType<typeof create>[],
  now: readonly ReturnType<typeof create>[],
  ...unique: readonly string[]
) {
  return indexChanges(
    { table: "t", indexes: [...old] },
    { indexes: now, unique: new Set(unique), notCarried: [] },
  );
}

test("indexes that are the same stay as they are, whatever their names and prefixes would be now", () => {
  const old = [create("a_1", "`a`"), create("b_1", "`b`, `c` DESC"), create("u_1", "`u`", "UNIQUE ")];
  const now = [create("b", "`b`(191), `c` DESC"), create("u_1", "`u`(255)"), create("a_1_2", "`a`")];
  const { indexes, statements } = changes(old, now, "u_1");
  expect(statements).toEqual([]);
  expect(indexes).toEqual([old[1], old[2], old[0]]);
});

test("indexes are dropped first, and new ones get names that no old one has", () => {
  const old = [create("a_1", "`a`"), create("b_1", "`b`")];
  const now = [create("a_1", "`a` DESC"), create("B_1", "`b`, `c`")];
  const { indexes, statements } = changes(old, now);
  const made = [create("a_1_2", "`a` DESC"), create("B_1_2", "`b`, `c`")];
  expect(statements).toEqual([drop("a_1"), drop("b_1"), ...made.map(({ statement }) => statement)]);
  expect(indexes).toEqual(made);
});

test.each([
  ["is unique now", "", "UNIQUE ", ["a_1"], true],
  ["is unique no longer", "UNIQUE ", "", [], true],
  ["is unique at the source and cannot be in the table", "", "", ["a_1"], false],
] as const)("an index that %s is made anew: %s%s", (_, before, after, unique, isAnew) => {
  const { statements } = changes([create("a_1", "`a`", before)], [create("a_1", "`a`", after)], ...unique);
  expect(statements).toEqual(isAnew ? [drop("a_1"), create("a_1_2", "`a`", after).statement] : []);
});
