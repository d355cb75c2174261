import type { StatusFacts } from "@firebreak/status";
import { foldShards, starredName, sumsOf } from "./fold-shards.ts";

type TableState = NonNullable<StatusFacts["target"]>["tables"][number];
type RangeState = Extract<StatusFacts["exported"], { state: "unfinished" }>["namespaces"][number];

const COUNTS = [
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
    together: tablesTogether,
  });
}

function tablesTogether(shards: readonly TableState[]): TableState {
  const [first] = shards;
  const moments = (of: (shard: TableState) => string | undefined): string[] =>
    shards.flatMap((shard) => of(shard) ?? []).sort();
  return {
    ...first!,
    ...sumsOf<(typeof COUNTS)[number]>(shards, COUNTS),
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
