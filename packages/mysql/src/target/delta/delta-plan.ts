import { logicalTable, type MysqlManifest, type MysqlTable } from "@firebreak/archive";
import { isOfChain } from "../ledger/ledger-name.ts";
import { ledgerOfTable, plainLedgerRow, type LedgerRow, type Ledgers } from "../ledger/ledger.ts";
import type { ChainPlace } from "@firebreak/target";

/**
 * The way in which a delta is applied to a table. `changed`: the rows of its keys are deleted and its rows
 * inserted, in one transaction. `emptied`: the same, but all rows are deleted; the table is an application's
 * own. `renewed`: the table is created again, then loaded part by part. `dropped`: the table is dropped.
 */
export type DeltaWay = "changed" | "emptied" | "renewed" | "dropped";

/** A table that a delta has work for. */
export interface DeltaTable {
  readonly database: string;
  readonly table: MysqlTable;
  readonly way: DeltaWay;
  /** The ledger rows of the table. */
  readonly ledger: readonly LedgerRow[];
  /** True if the ledger has the delta's row for the table: all is done, or all but parts if renewed. */
  readonly isNoted: boolean;
}

/** Plans the work of a delta from the ledgers. Pure. */
export function planDelta(
  manifest: Pick<MysqlManifest, "tables">,
  place: ChainPlace,
  targetDatabase: string | undefined,
  ledgers: Ledgers,
): DeltaTable[] {
  const ledgerOf = ledgerOfTable(ledgers);
  return manifest.tables.flatMap((whole): DeltaTable[] => {
    const way = wayOf(whole);
    if (way === undefined) return [];
    const table = logicalTable(whole);
    const database = targetDatabase ?? table.database;
    const ledger = ledgerOf(database, table.table);
    return [{ database, table, way, ledger, isNoted: ofDelta(ledger, place, "delta-table").length > 0 }];
  });
}

/** Returns the ledger rows of the delta's own parts. */
export function deltaRows({ ledger }: Pick<DeltaTable, "ledger">, place: ChainPlace): LedgerRow[] {
  return ofDelta(ledger, place, "delta-part");
}

/** Returns the ledger row of the delta's work on a table. */
export function deltaTableRow(table: string, place: ChainPlace, rowCount: number): LedgerRow {
  return plainLedgerRow(table, { ...place, kind: "delta-table" }, rowCount, place.archive);
}

function ofDelta(
  ledger: readonly LedgerRow[],
  { chain, number }: ChainPlace,
  kind: "delta-part" | "delta-table",
): LedgerRow[] {
  return ledger.filter(({ subject }) => {
    return subject.kind === kind && isOfChain(subject, chain) && subject.number === number;
  });
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
