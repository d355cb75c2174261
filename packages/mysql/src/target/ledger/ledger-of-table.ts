import type { LedgerRow } from "./ledger.ts";

/** Returns the ledger rows of a table; empty if there are none. */
export type LedgerOfTable = (database: string, table: string) => readonly LedgerRow[];

/** Groups ledgers by table, once for all tables. */
export function ledgerOfTable(ledgers: ReadonlyMap<string, readonly LedgerRow[]>): LedgerOfTable {
  const sorted = new Map(
    [...ledgers].map(([database, rows]) => [database, Map.groupBy(rows, (r) => r.table)]),
  );
  return (database, table) => sorted.get(database)?.get(table) ?? [];
}
