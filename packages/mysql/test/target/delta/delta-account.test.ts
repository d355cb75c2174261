import { expect, test } from "vitest";
import type { MysqlTable } from "@firebreak/archive";
import { emptyTable, partOf } from "@firebreak/testing/archives/made-manifest";
import { deltaAccounts } from "../../../src/target/delta/delta-account.ts";

/** What the account says of deletes where so many keys and rows come. */
function deletesOf(keys: number, rows: number, more: Partial<MysqlTable> = {}): number | undefined {
  const table: MysqlTable = {
    ...emptyTable,
    change: "changed",
    keys: [partOf("keys", keys)],
    parts: [partOf("rows", rows)],
    ...more,
  };
  const planned = { database: "d", table, way: "changed", ledger: [], isNoted: false } as const;
  const place = { archive: "1".repeat(64), chain: "0".repeat(64), number: 1, base: "0".repeat(64) };
  const [account] = deltaAccounts({ namespaces: [] }, [planned], place);
  return account?.tables?.[0]?.deletes;
}

test("deletes are the keys that no row comes for", () => {
  expect(deletesOf(5, 3)).toBe(2);
  expect(deletesOf(3, 3)).toBe(0);
});

test("deletes are those that transform counted where new rows have no key", () => {
  expect(deletesOf(3, 4, { goneCount: 2 })).toBe(2);
  expect(deletesOf(5, 1, { goneCount: 0 })).toBe(0);
});

test("deletes are left out, not said to be none, where they cannot be told", () => {
  expect(deletesOf(3, 4)).toBeUndefined();
});
