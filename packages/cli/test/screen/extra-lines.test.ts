import type { Account, ExtraCount } from "@firebreak/archive";
import { expect, test } from "vitest";
import { english } from "../../src/messages/en/english.ts";
import { accountTable } from "../../src/screen/account-table.ts";
import { extraLines } from "../../src/screen/not-carried-lines.ts";

function account(table: string, ...extra: ExtraCount[]): Account {
  return { namespace: `shop.${table}`, lines: 100, quarantined: 0, tables: [{ table, rows: 100, extra }] };
}
const lines = (...accounts: Account[]): string[] => extraLines(accounts, english.extra);
const doubles = (values: number): ExtraCount => ({ column: "total", reason: "kind-double", values });

test("a column is a line, with its reason, or with how many there are of each", () => {
  expect(lines(account("orders", doubles(20)))).toEqual([
    "orders.total: 20 values are in _extra (kind double)",
  ]);
  expect(
    lines(account("orders", doubles(1), { column: "total", reason: "too-large", values: 1_200 })),
  ).toEqual([
    "orders.total: 1,201 values are in _extra (1,200 too many digits before the\n  point, 1 kind double)",
  ]);
  expect(lines(account("orders", doubles(1)))).toEqual(["orders.total: 1 value is in _extra (kind double)"]);
});

test("fields without a column that are too many to list are a line of their table, reasons of later versions their code", () => {
  expect(lines(account("maps", { column: "_extra", reason: "of-later", values: 7 }))).toEqual([
    "maps: 7 values are in _extra (of-later)",
  ]);
});

test("explicit nulls are no line and no count, for the column says NULL", () => {
  const nulls = account("orders", { column: "total", reason: "null", values: 9 });
  expect(lines(nulls)).toEqual([]);
  expect(accountTable([nulls])).not.toContain("_extra");
});

test("the table has their sum where there are any, of shards together", () => {
  expect(
    accountTable([account("users"), account("orders", doubles(20), { ...doubles(3), column: "tax" })]),
  ).toBe(
    [
      "namespace    lines  quarantined  table   rows  _extra",
      "shop.users     100            0  users    100       0",
      "shop.orders    100            0  orders   100      23",
    ].join("\n"),
  );
  const shards = Array.from({ length: 16 }, (_, i) => account(`t_${i}`, doubles(2)));
  expect(accountTable(shards)).toMatch(/ 32$/);
  expect(lines(...shards)).toEqual(["t_* (16).total: 32 values are in _extra (kind double)"]);
});

test("of a dozen columns each is a line, the fullest first; of more the rest is counted", () => {
  const columns = Array.from({ length: 14 }, (_, i) => ({ ...doubles(i + 1), column: `c${i}` }));
  expect(lines(account("wide", ...columns.slice(0, 12)))).toHaveLength(12);
  const shown = lines(account("wide", ...columns));
  expect(shown).toHaveLength(13);
  expect(shown[0]).toContain("wide.c13: 14 values");
  expect(shown.at(-1)).toBe("2 more columns have values in _extra; --json lists all of them");
});

test("what the manifest does not count is in no account of a person", () => {
  const uncounted = { namespace: "shop.old", tables: [{ table: "old", rows: 1 }] };
  expect(accountTable([uncounted])).not.toContain("_extra");
});
