import type { MysqlTable } from "@firebreak/archive";
import type { ChainPlace } from "@firebreak/target";
import type { MysqlSession } from "../../driver/connect.ts";
import { factsOfTables, type TableFacts } from "../../driver/table-facts.ts";
import { readLinks } from "../ledger/chain-entries.ts";
import { readLedger, type LedgerRow } from "../ledger/ledger.ts";
import type { ChecksumStep } from "./checksum-notes.ts";

/** Returns the database that a table of the archive has in the target. */
export function databasesIn({ target }: MysqlSession): (table: MysqlTable) => string {
  return (table) => target.database ?? table.database;
}

/** Reports each database that has another link of the chain than the compared one. */
export async function* linksNotes(
  session: MysqlSession,
  databases: Iterable<string>,
  { chain, number }: ChainPlace,
): AsyncGenerator<ChecksumStep> {
  for (const database of databases) {
    const { own } = await readLinks(session, database, chain);
    const newest = Math.max(0, ...own.map((l) => l.number));
    if (newest !== number)
      yield { kind: "note", code: "other-link-in", fields: { database, number, newest } };
  }
}

/** Finds tables that a delta drops and that are still there. */
export async function undroppedTables(
  session: MysqlSession,
  tables: readonly MysqlTable[],
): Promise<MysqlTable[]> {
  const dropped = tables.filter((t) => t.change === "dropped" && t.isGiven !== true);
  const factsOf = await factsInTarget(session, dropped);
  return dropped.filter((table) => factsOf(table) !== undefined);
}

/** Finds tables that lack columns in the target, or are missing there: those have an empty list. */
export function lackingTables(
  tables: readonly MysqlTable[],
  factsOf: FactsInTarget,
): Map<MysqlTable, readonly string[]> {
  const lacking = new Map<MysqlTable, readonly string[]>();
  for (const table of tables) {
    const facts = factsOf(table);
    // The server ignores case in column names.
    const names = new Set(facts?.columns.map((c) => c.name.toLowerCase()));
    const missing = table.columns.map((c) => c.name).filter((name) => !names.has(name.toLowerCase()));
    if (facts === undefined) lacking.set(table, []);
    else if (missing.length > 0) lacking.set(table, missing);
  }
  return lacking;
}

/** Returns the facts of a table of the archive as it is in the target; undefined if it is not there. */
export type FactsInTarget = (table: MysqlTable) => TableFacts | undefined;

/** Reads the facts of tables of the archive as they are in the target. */
export async function factsInTarget(
  session: MysqlSession,
  tables: readonly MysqlTable[],
): Promise<FactsInTarget> {
  const databaseOf = databasesIn(session);
  const factsOf = await factsOfTables(
    session,
    tables.map((t) => ({ database: databaseOf(t), table: t.table })),
  );
  return (table) => factsOf(databaseOf(table), table.table);
}

/** A ledger's row, and the table of the archive that it is about. */
export interface TableRow {
  readonly table: MysqlTable;
  readonly row: LedgerRow;
}

/** Reads what the ledgers list of some tables, in the order of the ledgers. */
export async function ledgerRows(session: MysqlSession, tables: readonly MysqlTable[]): Promise<TableRow[]> {
  const found: TableRow[] = [];
  for (const [database, own] of Map.groupBy(tables, databasesIn(session))) {
    const byName = new Map(own.map((t) => [t.table, t]));
    for (const row of await readLedger(session, database)) {
      const table = byName.get(row.table);
      if (table !== undefined) found.push({ table, row });
    }
  }
  return found;
}
