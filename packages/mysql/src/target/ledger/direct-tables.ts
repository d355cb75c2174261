import type { MysqlSession } from "../../driver/connect.ts";
import { changeLedger, hasLedger, ledgerTable, plainLedgerRow } from "./ledger.ts";
import { ledgerName } from "./ledger-name.ts";

/** The state of a table whose engine cannot roll back: its rows are all in, or nobody knows which are. */
export type DirectState = "whole" | "unfinished";

/** Reads the tables of a database that were loaded in their own engine, by name; none if it has no ledger. */
export async function directTables(
  session: MysqlSession,
  database: string,
): Promise<ReadonlyMap<string, DirectState>> {
  if (!(await hasLedger(session, database))) return new Map();
  const rows = await session.rows<{ name: string; state: DirectState }>(
    `SELECT table_name AS name, plain_sha256 AS state FROM ${ledgerTable(database)} WHERE part = ?`,
    [ledgerName({ kind: "direct" })],
  );
  return new Map(rows.map(({ name, state }) => [name, state]));
}

/**
 * Notes the state of such a table: `unfinished` before its first row, `whole` together with the
 * ledger's rows of its parts.
 */
export async function noteDirect(
  session: MysqlSession,
  database: string,
  table: string,
  state: DirectState,
): Promise<void> {
  await changeLedger(session, database, plainLedgerRow(table, { kind: "direct" }, 0, state));
}
