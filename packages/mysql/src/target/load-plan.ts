import {
  type Account,
  linesAccount,
  type MysqlManifest,
  type MysqlTable,
  type TablePart,
} from "@firebreak/archive";
import { ledgerName } from "./ledger/ledger-name.ts";
import { ledgerOfTable, type LedgerRow, type Ledgers } from "./ledger/ledger.ts";

/** A part that is loaded, and its ledger row. */
export interface DonePart {
  readonly part: TablePart;
  readonly ledger: LedgerRow;
}

/** A table of the archive, and the database that it goes to. */
export interface PlannedTable {
  readonly database: string;
  readonly table: MysqlTable;
  readonly done: readonly DonePart[];
  readonly todo: readonly TablePart[];
}

/** Divides each table's parts into loaded and missing ones, as the ledgers list them. Pure. */
export function planLoad(
  manifest: MysqlManifest,
  targetDatabase: string | undefined,
  ledgers: Ledgers,
): PlannedTable[] {
  const ledgerOf = ledgerOfTable(ledgers);
  return manifest.tables.map((table) => {
    const database = targetDatabase ?? table.database;
    const known = new Map(ledgerOf(database, table.table).map((r) => [ledgerName(r.subject), r]));
    return {
      database,
      table,
      done: table.parts.flatMap((part) => {
        const ledger = known.get(part.file);
        return ledger === undefined ? [] : [{ part, ledger }];
      }),
      todo: table.parts.filter((p) => !known.has(p.file)),
    };
  });
}

/** Returns the databases that a load writes to. */
export function targetDatabases(
  manifest: Pick<MysqlManifest, "tables">,
  targetDatabase: string | undefined,
): string[] {
  return targetDatabase === undefined
    ? [...new Set(manifest.tables.map((t) => t.database))]
    : [targetDatabase];
}

/** Returns the number of rows that are in the table. */
export function rowsOf(done: readonly DonePart[]): number {
  return done.reduce((sum, { ledger }) => sum + ledger.rowCount, 0);
}

/** Returns how many of these existed before the load; undefined if no part was merged. */
export function presentOf(done: readonly DonePart[]): number | undefined {
  const counts = done.flatMap(({ ledger }) => ledger.presentCount ?? []);
  return counts.length === 0 ? undefined : counts.reduce((sum, n) => sum + n, 0);
}

/** Returns the number of rows that the target refused. */
export function quarantinedOf(planned: readonly PlannedTable[]): number {
  return planned.reduce((sum, { done }) => sum + done.reduce((n, d) => n + d.ledger.quarantinedCount, 0), 0);
}

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
