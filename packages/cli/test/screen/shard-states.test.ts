import { expect, test } from "vitest";
import { shardRanges, shardTables } from "../../src/screen/shards.ts";

type TableState = Parameters<typeof shardTables>[0][number];

function table(number: number, more: Partial<TableState> = {}): TableState {
  return {
    namespace: `db.t_${number}`,
    database: "db",
    table: `t_${number}`,
    rows: 10,
    parts: 2,
    loaded: 10,
    present: undefined,
    loadedParts: 2,
    left: 0,
    leftParts: 0,
    quarantined: 0,
    quarantinedAtLoad: 0,
    firstLoadedAt: `2025-01-01T00:00:${10 + number}.000Z`,
    lastLoadedAt: `2025-01-01T00:01:${10 + number}.000Z`,
    rowsPerSecond: 5,
    ...more,
  };
}

const many = Array.from({ length: 40 }, (_, i) => table(i));

test("shards that are in are one line of a status, from the first part to the last", () => {
  expect(shardTables(many)).toEqual([
    {
      ...table(0),
      table: "t_* (40)",
      rows: 400,
      parts: 80,
      loaded: 400,
      loadedParts: 80,
      rowsPerSecond: undefined,
      lastLoadedAt: "2025-01-01T00:01:49.000Z",
    },
  ]);
});

test.each([
  { left: 5, leftParts: 1, loaded: 5, loadedParts: 1 },
  { left: 10, leftParts: 2, loaded: 0, loadedParts: 0 },
  { quarantined: 1 },
  { quarantinedAtLoad: 1 },
  { database: "other" },
])("a shard of which %o is so has a line of its own", (more) => {
  expect(shardTables(many.with(3, table(3, more)))).toMatchObject([{ table: "t_* (39)" }, table(3, more)]);
});

test("namespaces of an export that is not finished are together where they are done or not begun", () => {
  const range = (number: number, rangesDone: number) => ({
    namespace: `db.t_${number}`,
    documents: rangesDone * 10,
    rangesDone,
    rangesPlanned: 2,
  });
  const done = Array.from({ length: 20 }, (_, i) => range(i, 2));
  const begun = [range(20, 1)];
  const ahead = Array.from({ length: 20 }, (_, i) => range(30 + i, 0));
  expect(shardRanges([...done, ...begun, ...ahead])).toEqual([
    { namespace: "db.t_* (20)", documents: 400, rangesDone: 40, rangesPlanned: 40 },
    range(20, 1),
    { namespace: "db.t_* (20)", documents: 0, rangesDone: 0, rangesPlanned: 40 },
  ]);
});
