import type { LedgerRow } from "@firebreak/mysql";

/** What the ledgers say of a table; empty where they say nothing. */
export type LedgerOfTable = (database: string, table: string) => readonly LedgerRow[];

/** Sorts ledgers by table, once for all tables. */
export function ledgerOfTable(ledgers: ReadonlyMap<string, readonly LedgerRow[]>): LedgerOfTable {
  const sorted = new Map(
    [...ledgers].map(([database, rows]) => [database, Map.groupBy(rows, (r) => r.table)]),
  );
  return (database, table) => sorted.get(database)?.get(table) ?? [];
}
