import { expect, test } from "vitest";
import type { Account } from "@firebreak/archive";
import { shardAccounts } from "../../src/screen/shards.ts";

function shard(number: number, more: Partial<Account> = {}): Account {
  const table = { table: `t_${number}`, rows: 2, loaded: 2, digested: 2, equal: true };
  return { namespace: `db.t_${number}`, lines: 3, quarantined: 1, tables: [table], ...more };
}

const many = Array.from({ length: 20 }, (_, i) => shard(i));

test("many shards are one line, their counts added, in the place of the first", () => {
  const before: Account = { namespace: "db.a", lines: 1 };
  const after: Account = { namespace: "db.u", lines: 5 };
  expect(shardAccounts([before, ...many, after])).toEqual([
    before,
    {
      namespace: "db.t_* (20)",
      lines: 60,
      quarantined: 20,
      tables: [{ table: "t_* (20)", rows: 40, loaded: 40, digested: 40, equal: true }],
    },
    after,
  ]);
});

test("a shard that is not equal stays a line of its own", () => {
  const unlike = shard(7, { tables: [{ table: "t_7", rows: 2, digested: 1, equal: false }] });
  const shown = shardAccounts(many.with(7, unlike));
  expect(shown.map(({ namespace }) => namespace)).toEqual(["db.t_* (19)", "db.t_7"]);
  expect(shown[1]).toBe(unlike);
});

test("a few tables with numbers stay as they are", () => {
  expect(shardAccounts(many.slice(0, 15))).toEqual(many.slice(0, 15));
});

test("what no shard knows is left out, and targets are named as namespaces are", () => {
  const accounts = many.map(({ namespace }, i): Account => ({ namespace, target: `x.t_${i}`, loaded: 1 }));
  expect(shardAccounts(accounts)).toEqual([{ namespace: "db.t_* (20)", target: "x.t_* (20)", loaded: 20 }]);
});

test("shards that are all unequal are one line that says so", () => {
  const unequal = many.map((_, i) => shard(i, { tables: [{ table: `t_${i}`, rows: 2, equal: false }] }));
  expect(shardAccounts(unequal)).toMatchObject([
    { namespace: "db.t_* (20)", tables: [{ rows: 40, equal: false }] },
  ]);
});

test.each([
  [
    "has something in quarantine alone",
    many.map((m): Account => ({ ...m, quarantined: 0 })),
    { quarantined: 1 },
  ],
  [
    "alone has rows that were refused",
    many,
    { tables: [{ table: "t_7", rows: 2, loaded: 1, quarantined: 1 }] },
  ],
  ["alone is not all in", many, { tables: [{ table: "t_7", rows: 2, loaded: 1, digested: 2, equal: true }] }],
  ["is of a delta that drops it", many, { change: "dropped" as const }],
] satisfies [string, Account[], Partial<Account>][])(
  "a shard that %s stays a line of its own",
  (_, all, more) => {
    const unlike = shard(7, more);
    expect(shardAccounts(all.with(7, unlike))).toMatchObject([{ namespace: "db.t_* (19)" }, unlike]);
  },
);

test("sixteen of a state are one line, fifteen are not", () => {
  const mixed = [...many, ...Array.from({ length: 15 }, (_, i) => shard(100 + i, { quarantined: 0 }))];
  expect(shardAccounts(mixed)).toHaveLength(16);
  expect(shardAccounts([...mixed, shard(200, { quarantined: 0 })])).toHaveLength(2);
});
