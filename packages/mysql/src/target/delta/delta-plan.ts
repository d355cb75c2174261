import { logicalTable, type MysqlManifest, type MysqlTable } from "@firebreak/archive";
import { isOfChain, ledgerName, ledgerSubject } from "../ledger/ledger-name.ts";
import type { LedgerRow } from "../ledger/ledger.ts";
import type { ChainPlace } from "@firebreak/target";
import { ledgerOfTable } from "../ledger/ledger-of-table.ts";

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
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
): DeltaTable[] {
  const ledgerOf = ledgerOfTable(ledgers);
  const name = ledgerName({ ...place, kind: "delta-table" });
  return manifest.tables.flatMap((whole): DeltaTable[] => {
    const way = wayOf(whole);
    if (way === undefined) return [];
    const table = logicalTable(whole);
    const database = targetDatabase ?? table.database;
    const ledger = ledgerOf(database, table.table);
    return [{ database, table, way, ledger, isNoted: ledger.some((r) => r.part === name) }];
  });
}

/** Returns the ledger rows of the delta's own parts. */
export function deltaRows({ ledger }: Pick<DeltaTable, "ledger">, place: ChainPlace): LedgerRow[] {
  return ledger.filter(({ part }) => {
    const subject = ledgerSubject(part);
    return (
      subject.kind === "delta-part" && isOfChain(subject, place.chain) && subject.number === place.number
    );
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
