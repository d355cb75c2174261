import { describe, expect, test } from "vitest";
import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import { KNOWN_COLUMNS, planTarget, type TargetPlan } from "../../src/rows/row-plan.ts";
import type { TargetRefusal } from "../../src/profile-faults.ts";
import { changedFacts, factsWithout, ownColumn } from "../support/changed-facts.ts";
import type { ChatTargetFacts } from "../../src/target/target-facts.ts";

const noMerge = { isMerge: false };

function planOf(facts: ChatTargetFacts): TargetPlan {
  const planned = planTarget(facts, noMerge);
  if ("refusals" in planned) throw new Error(JSON.stringify(planned.refusals[0]));
  return planned.plan;
}

function refusalsOf(facts: ChatTargetFacts, options = noMerge): readonly TargetRefusal[] {
  const planned = planTarget(facts, options);
  return "refusals" in planned ? planned.refusals : [];
}

test("the community layout takes rows of 36 and 128 tables, without the server's own id", () => {
  const { messages, userMessages } = planOf(COMMUNITY_FACTS);
  expect(messages.map(({ table }) => table)).toEqual(Array.from({ length: 36 }, (_, i) => `t_messages_${i}`));
  expect(userMessages).toHaveLength(128);
  const names = (plan: TargetPlan["messages"][number]): string[] =>
    plan.columns.map(({ facts }) => facts.name);
  expect(names(messages[17]!).toSorted()).toEqual(Object.keys(KNOWN_COLUMNS.messages).toSorted());
  expect(names(userMessages[17]!).toSorted()).toEqual(Object.keys(KNOWN_COLUMNS.userMessages).toSorted());
});

describe("columns of the site's own", () => {
  const withColumn = (...more: Parameters<typeof ownColumn>): ChatTargetFacts =>
    changedFacts("messages", (columns) => [...columns, ownColumn(...more)]);

  test.each([
    ["int", { default: "7" }, 7n],
    ["varchar", { default: "none", characters: 9 }, "none"],
    ["int", { default: null, isNullable: true }, null],
    ["json", { isNullable: true }, null],
  ] as const)("%s %o gets %s in every row", (type, more, fallback) => {
    const { columns } = planOf(withColumn("_site", type, more)).messages[0]!;
    expect(columns.at(-1)).toMatchObject({ facts: { name: "_site" }, fallback });
  });

  test.each([
    ["datetime", { default: "CURRENT_TIMESTAMP", isDefaultExpression: true }],
    ["int", { isAutoIncrement: true }],
    ["blob", { default: "0x00" }],
  ] as const)("%s %o is left to the server", (type, more) => {
    const { places } = planOf(withColumn("_site", type, more)).messages[0]!;
    expect(places.has("_site")).toBe(false);
  });

  test("one that wants a value and has none is refused by its name", () => {
    expect(refusalsOf(withColumn("_site", "int"))[3]).toEqual({
      what: "column-unfillable",
      table: "t_messages_3",
      column: "_site",
    });
  });
});

test.each([
  ["messages", "_searchable_key"],
  ["messages", "_content_type"],
  ["messages", "_to"],
  ["userMessages", "_line"],
  ["userMessages", "_type"],
  ["userMessages", "_target"],
  ["userMessages", "_directing"],
  ["userMessages", "_cont_type"],
] as const)("an old target whose %s lack %s is planned for", (kind, column) => {
  expect(refusalsOf(factsWithout(kind, column))).toEqual([]);
});

test.each([
  ["messages", "_mid"],
  ["messages", "_from"],
  ["messages", "_type"],
  ["messages", "_target"],
  ["messages", "_line"],
  ["messages", "_data"],
  ["messages", "_dt"],
  ["userMessages", "_mid"],
  ["userMessages", "_uid"],
  ["userMessages", "_seq"],
  ["userMessages", "_dt"],
] as const)("a target whose %s lack %s is refused, naming it", (kind, column) => {
  const table = kind === "messages" ? "t_messages_0" : "t_user_messages_0";
  expect(refusalsOf(factsWithout(kind, column))[0]).toEqual({ what: "column-missing", table, column });
});

test("a column of another family of types is refused", () => {
  const facts = changedFacts("messages", (columns) =>
    columns.map((c) => (c.name === "_dt" ? { ...c, type: "bigint" } : c)),
  );
  expect(refusalsOf(facts)[0]).toEqual({
    what: "column-type-unfit",
    table: "t_messages_0",
    column: "_dt",
    type: "bigint",
  });
});

test("a target without the server's history of migrations is refused", () => {
  expect(refusalsOf({ ...COMMUNITY_FACTS, flywayVersion: null })).toEqual([{ what: "flyway-missing" }]);
});

test("a table that is missing is refused once, by its name", () => {
  const shapes = COMMUNITY_FACTS.shapes.map((shape) => ({
    ...shape,
    tables: shape.tables.filter((table) => table !== "t_messages_35"),
  }));
  expect(refusalsOf({ ...COMMUNITY_FACTS, shapes })).toEqual([
    { what: "table-missing", table: "t_messages_35" },
  ]);
});

test("message tables with rows are refused, but to merge into; other tables may have rows", () => {
  const facts = { ...COMMUNITY_FACTS, filled: ["t_user", "t_messages_3", "t_user_messages_9"] };
  const refusal = { what: "tables-filled", tables: ["t_messages_3", "t_user_messages_9"] };
  expect(refusalsOf(facts)).toEqual([refusal]);
  expect(refusalsOf(facts, { isMerge: true })).toEqual([]);
});
