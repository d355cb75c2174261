import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "../../driver/connect.ts";
import { changeLedger, LEDGER } from "./ledger.ts";
import { ledgerName } from "./ledger-name.ts";
import { tableFacts } from "../../driver/table-facts.ts";

/** The state of a table whose engine cannot roll back: its rows are all in, or nobody knows which are. */
export type DirectState = "whole" | "unfinished";

/** Reads the tables of a database that were loaded in their own engine, by name; none if it has no ledger. */
export async function directTables(
  session: MysqlSession,
  database: string,
): Promise<ReadonlyMap<string, DirectState>> {
  if ((await tableFacts(session, database, LEDGER)) === undefined) return new Map();
  const rows = await session.rows<{ name: string; state: DirectState }>(
    `SELECT table_name AS name, plain_sha256 AS state FROM ${quoteIdentifier(database)}.${quoteIdentifier(LEDGER)} WHERE part = ?`,
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
  await changeLedger(session, database, {
    table,
    part: ledgerName({ kind: "direct" }),
    rowCount: 0,
    quarantinedCount: 0,
    quarantine: undefined,
    plainSha256: state,
  });
}
