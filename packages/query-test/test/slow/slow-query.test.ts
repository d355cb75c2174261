import { expect, test } from "vitest";
import { isSlow, remedyFor } from "../../src/slow/slow-query.ts";
import type { Lookup } from "../../src/tested-query.ts";

const lookup: Lookup = {
  table: "`shop`.`orders`",
  columns: [
    { name: "customer", sqlType: "varchar(64)" },
    { name: "note", sqlType: "longtext" },
  ],
  isGiven: false,
};
const plan = { text: "", statement: "", statementCount: 1, isIndexUsed: true, examinedRows: 1 };

test("a query is slow above the floor and three times the source's time", () => {
  expect(isSlow({ p95Ms: 5 }, { p95Ms: 21 })).toBe(true);
  expect(isSlow({ p95Ms: 1 }, { p95Ms: 19 })).toBe(false);
  expect(isSlow({ p95Ms: 40 }, { p95Ms: 119 })).toBe(false);
});

test("without an index the advice has a statement that makes one, with a prefix of long texts", () => {
  expect(remedyFor({ lookup }, { ...plan, isIndexUsed: false })).toEqual({
    what: "index-missing",
    statement: "CREATE INDEX customer_note_read ON `shop`.`orders` (`customer`, `note`(191))",
    isGiven: false,
  });
  expect(remedyFor({ lookup: undefined }, { ...plan, isIndexUsed: false })).toMatchObject({
    statement: undefined,
  });
});

test("with an index the advice follows the rows, then the statements", () => {
  expect(remedyFor({ lookup }, { ...plan, examinedRows: 50_000, statementCount: 9 })).toMatchObject({
    what: "many-rows",
    columns: ["customer", "note"],
  });
  expect(remedyFor({ lookup }, { ...plan, statementCount: 9 })).toEqual({
    what: "many-statements",
    statementCount: 9,
  });
  expect(remedyFor({ lookup }, plan)).toEqual({ what: "server" });
});
