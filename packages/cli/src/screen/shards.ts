import type { Account, ExtraCount, NotCarried, TableAccount } from "@firebreak/archive";
import { foldShards, starredName, sumsOf } from "./fold-shards.ts";
import type { StatusFacts } from "@firebreak/status";

/** The counts that are summed over shards. */
const COUNTS = [
  "deletes",
  "expired",
  "documents",
  "lines",
  "quarantined",
  "skipped",
  "collapsed",
  "loaded",
  "refused",
  "digested",
] as const;
const TABLE_COUNTS = ["rows", "upserts", "deletes", "present", "loaded", "quarantined", "digested"] as const;

/**
 * Folds the accounts of shards (`orders_0`, `orders_1`, …) into one, `orders_* (36)`, in the
 * place of the first. A few shards that differ from the others keep lines of their own: those that are
 * unequal, are not fully loaded, or have something in quarantine.
 */
export function shardAccounts(accounts: readonly Account[]): Account[] {
  return foldShards(accounts, { nameOf: ({ namespace }) => namespace, stateOf, together });
}

function stateOf({ namespace, change, equal, quarantined = 0, refused = 0, tables = [] }: Account): string {
  if (tables.length > 1) return namespace;
  const ofTables = tables.map((t) => [t.equal, (t.quarantined ?? 0) > 0, howMuchIsIn(t)]);
  return JSON.stringify([change, equal, quarantined > 0, refused > 0, ofTables]);
}

function howMuchIsIn({ rows, upserts, loaded, present = 0, quarantined = 0 }: TableAccount): string {
  const expected = upserts ?? rows;
  if (expected === undefined || loaded === undefined) return "unknown";
  const settled = loaded + present + quarantined;
  return settled >= expected ? "all" : settled > 0 ? "some" : "none";
}

function together(shards: readonly Account[]): Account {
  const [first] = shards;
  const { target, change, equal } = first!;
  const tables = shards.flatMap((shard) => shard.tables ?? []);
  const notCarried = shards.flatMap((shard) => shard.notCarried ?? []);
  return {
    namespace: starredName(first!.namespace, shards.length),
    ...(target === undefined ? {} : { target: starredName(target, shards.length) }),
    ...(change === undefined ? {} : { change }),
    ...sumsOf(shards, COUNTS),
    ...(equal === undefined ? {} : { equal }),
    ...(tables.length === 0 ? {} : { tables: [tablesTogether(tables)] }),
    ...(shards.every((s) => s.notCarried === undefined) ? {} : { notCarried: different(notCarried) }),
  };
}

function tablesTogether(tables: readonly TableAccount[]): TableAccount {
  const { table, equal } = tables[0]!;
  const extra = tables.flatMap((t) => t.extra ?? []);
  return {
    table: starredName(table, tables.length),
    ...sumsOf(tables, TABLE_COUNTS),
    ...(equal === undefined ? {} : { equal }),
    ...(tables.every((t) => t.extra === undefined) ? {} : { extra: extraTogether(extra) }),
  };
}

function extraTogether(counts: readonly ExtraCount[]): ExtraCount[] {
  const sums = new Map<string, ExtraCount>();
  for (const count of counts) {
    const key = JSON.stringify([count.column, count.reason]);
    sums.set(key, { ...count, values: count.values + (sums.get(key)?.values ?? 0) });
  }
  return [...sums.values()];
}

/** Removes duplicates, because similar shards have the same things. */
function different(things: readonly NotCarried[]): NotCarried[] {
  return [...new Map(things.map((thing) => [JSON.stringify(thing), thing])).values()];
}

type TableState = NonNullable<StatusFacts["target"]>["tables"][number];
type RangeState = Extract<StatusFacts["exported"], { state: "unfinished" }>["namespaces"][number];

const STATE_COUNTS = [
  "rows",
  "parts",
  "loaded",
  "present",
  "loadedParts",
  "left",
  "leftParts",
  "quarantined",
  "quarantinedAtLoad",
] as const satisfies readonly (keyof TableState)[];

/**
 * Folds a target's shards of the same state into one. A few shards that are half loaded, or have something in
 * quarantine while others do not, keep lines of their own.
 */
export function shardTables(tables: readonly TableState[]): TableState[] {
  return foldShards(tables, {
    nameOf: ({ table }) => table,
    stateOf: ({ database, left, loadedParts, quarantined, quarantinedAtLoad }) =>
      JSON.stringify([database, left > 0, loadedParts > 0, quarantined > 0, quarantinedAtLoad > 0]),
    together: statesTogether,
  });
}

function statesTogether(shards: readonly TableState[]): TableState {
  const [first] = shards;
  const moments = (of: (shard: TableState) => string | undefined): string[] =>
    shards.flatMap((shard) => of(shard) ?? []).sort();
  return {
    ...first!,
    ...sumsOf<(typeof STATE_COUNTS)[number]>(shards, STATE_COUNTS),
    table: starredName(first!.table, shards.length),
    firstLoadedAt: moments((s) => s.firstLoadedAt)[0],
    lastLoadedAt: moments((s) => s.lastLoadedAt).at(-1),
    // Shards are loaded one after the other, so their speeds do not add up.
    rowsPerSecond: undefined,
  };
}

/** Folds namespaces of an unfinished export that are in the same state, such as done or not begun. */
export function shardRanges(namespaces: readonly RangeState[]): RangeState[] {
  return foldShards(namespaces, {
    nameOf: ({ namespace }) => namespace,
    stateOf: ({ rangesDone, rangesPlanned }) => JSON.stringify([rangesDone > 0, rangesDone < rangesPlanned]),
    together: (shards) => ({
      namespace: starredName(shards[0]!.namespace, shards.length),
      documents: 0,
      rangesDone: 0,
      rangesPlanned: 0,
      ...sumsOf<"documents" | "rangesDone" | "rangesPlanned">(shards, [
        "documents",
        "rangesDone",
        "rangesPlanned",
      ]),
    }),
  });
}
