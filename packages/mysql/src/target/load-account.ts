import { linesAccount, type Account, type MysqlManifest } from "@firebreak/archive";
import { presentOf, rowsOf, type PlannedTable } from "./load-plan.ts";

/** Returns the account of a target, as the ledgers have it. */
export function accountsOf(manifest: MysqlManifest, planned: readonly PlannedTable[]): Account[] {
  return manifest.namespaces.map((n) => ({
    ...linesAccount(n),
    tables: planned
      .filter((t) => t.table.namespace === n.namespace)
      .map((t) => ({
        table: t.table.table,
        rows: t.table.digest.rowCount,
        loaded: rowsOf(t.done) - (presentOf(t.done) ?? 0),
        present: presentOf(t.done),
        quarantined: t.done.reduce((sum, { ledger }) => sum + ledger.quarantinedCount, 0),
        extra: t.table.extra,
      })),
  }));
}
