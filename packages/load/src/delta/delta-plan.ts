import { logicalTable, type MysqlManifest, type MysqlTable } from "@firebreak/archive";
import { deltaEntryOf, deltaPart, type ChainPlace, type LedgerRow } from "@firebreak/mysql";
import { ledgerOfTable } from "../ledger-of-table.ts";

/**
 * How a table gets what a delta has for it. `changed`: the rows of its keys go and
 * its rows come, in one transaction. `emptied`: so, and all rows go; the table is
 * an application's own. `renewed`: it is made anew, then loaded part by part.
 * `dropped`: it goes.
 */
export type DeltaWay = "changed" | "emptied" | "renewed" | "dropped";

/** A table that a delta has work for. */
export interface DeltaTable {
  readonly database: string;
  readonly table: MysqlTable;
  readonly way: DeltaWay;
  /** What the ledger has of the table. */
  readonly ledger: readonly LedgerRow[];
  /** Whether the ledger has the delta's own row of it: all is done then, of one that is renewed all but parts. */
  readonly isNoted: boolean;
}

/** What is to be done, by what the ledgers say. Pure. */
export function planDelta(
  manifest: Pick<MysqlManifest, "tables">,
  place: ChainPlace,
  targetDatabase: string | undefined,
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
): DeltaTable[] {
  const ledgerOf = ledgerOfTable(ledgers);
  return manifest.tables.flatMap((whole): DeltaTable[] => {
    const way = wayOf(whole);
    if (way === undefined) return [];
    const table = logicalTable(whole);
    const database = targetDatabase ?? table.database;
    const ledger = ledgerOf(database, table.table);
    return [{ database, table, way, ledger, isNoted: ledger.some((r) => r.part === deltaPart(place)) }];
  });
}

/** Rows of the ledger that another delta of the same number has left: it was begun or applied. */
export function strangeEntry(
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
  place: ChainPlace,
  sha256: string,
): { readonly database: string; readonly sha256: string } | undefined {
  for (const [database, rows] of ledgers)
    for (const { part, plainSha256 } of rows)
      if (part === deltaPart(place) && plainSha256 !== sha256) return { database, sha256: plainSha256 };
  return undefined;
}

/** The newest delta of a chain that has done anything to a table; undefined where none has. */
export function newestDelta(
  ledgers: Iterable<readonly LedgerRow[]>,
  chainSha256: string,
): number | undefined {
  let newest: number | undefined;
  for (const rows of ledgers)
    for (const { part } of rows) {
      const entry = deltaEntryOf(part);
      if (entry !== undefined && chainSha256.startsWith(entry.chain))
        newest = Math.max(newest ?? 0, entry.number);
    }
  return newest;
}

/** Rows of the delta itself that are in, or that the target refused. */
export function deltaRows({ ledger }: Pick<DeltaTable, "ledger">, place: ChainPlace): LedgerRow[] {
  return ledger.filter((r) => r.part.startsWith(`${deltaPart(place)}/`));
}

function wayOf({ change, isGiven }: MysqlTable): DeltaWay | undefined {
  switch (change) {
    case undefined:
    case "changed":
      return change;
    case "whole":
      return isGiven === true ? "emptied" : "renewed";
    case "dropped":
      return isGiven === true ? "emptied" : "dropped";
  }
}
