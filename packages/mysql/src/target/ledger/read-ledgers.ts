import { databaseExists } from "../../driver/server-facts.ts";
import { readLedger, type LedgerRow } from "./ledger.ts";
import type { MysqlSession } from "../../driver/connect.ts";

/** Reads the ledgers of those databases that exist. */
export async function readLedgers(
  session: MysqlSession,
  databases: readonly string[],
): Promise<Map<string, readonly LedgerRow[]>> {
  const ledgers = new Map<string, readonly LedgerRow[]>();
  for (const database of databases)
    if (await databaseExists(session, database)) ledgers.set(database, await readLedger(session, database));
  return ledgers;
}
