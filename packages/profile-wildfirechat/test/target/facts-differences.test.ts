import { expect, test } from "vitest";
import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import { factsDifferences } from "../support/facts-differences.ts";
import type { ColumnFacts } from "@firebreak/archive";
import { changedFacts, factsWithout, ownColumn } from "../support/changed-facts.ts";

const real = { ...COMMUNITY_FACTS, database: "wfchat" };

test("equal targets do not differ, whatever the order of columns", () => {
  const reversed = changedFacts("messages", (columns) => columns.toReversed());
  expect(factsDifferences(real, { ...reversed, database: "wfchat" })).toEqual([]);
});

test("a column that is missing, and a table, are named", () => {
  const found = factsWithout("userMessages", "_cont_type");
  expect(factsDifferences(real, found)).toHaveLength(128);
  expect(factsDifferences(real, found)[17]).toEqual({
    what: "column-missing",
    table: "t_user_messages_17",
    column: "_cont_type",
  });
  const shapes = COMMUNITY_FACTS.shapes.slice(1);
  expect(factsDifferences(real, { ...real, shapes })[0]).toEqual({
    what: "table-missing",
    table: "t_messages_0",
  });
});

test.each<[string, Partial<ColumnFacts>]>([
  ["_data", { type: "mediumblob", bytes: 16_777_215 }],
  ["_target", { characters: 129 }],
  ["_to", { isNullable: false }],
  ["_from", { characterSet: "utf8mb3" }],
  ["_mid", { isUnsigned: true }],
])("%s with %o has changed", (name, change) => {
  const found = changedFacts("messages", (columns) =>
    columns.map((c) => (c.name === name ? { ...c, ...change } : c)),
  );
  expect(factsDifferences(real, found)[0]).toEqual({
    what: "column-changed",
    table: "t_messages_0",
    column: name,
  });
});

test("a new column counts where rows cannot go without it", () => {
  const withNew = (more: Partial<ColumnFacts>): ReturnType<typeof factsDifferences> =>
    factsDifferences(
      real,
      changedFacts("messages", (columns) => [...columns, ownColumn("_new", "int", more)]),
    );
  expect(withNew({ isNullable: true })).toEqual([]);
  expect(withNew({ default: "0" })).toEqual([]);
  expect(withNew({})[0]).toEqual({ what: "column-new", table: "t_messages_0", column: "_new" });
});

test("the migration counts where it was seen, and not where it was supposed", () => {
  const found = { ...real, flywayVersion: "55" };
  expect(factsDifferences(real, found)).toEqual([{ what: "flyway-changed", expected: "54", found: "55" }]);
  expect(factsDifferences(COMMUNITY_FACTS, found)).toEqual([]);
});
