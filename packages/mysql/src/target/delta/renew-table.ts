import { rm } from "node:fs/promises";
import { join } from "node:path";
import { killPoint, LOAD_QUARANTINE } from "@firebreak/archive";
import { addToLedger } from "../ledger/ledger.ts";
import { allowancesToWrite } from "../../driver/allowances.ts";
import { forgetTable } from "../ledger/chain-entries.ts";
import { tableName } from "../../driver/server-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { createTable } from "../tables/create-table.ts";
import type { LoadWork } from "../parts/part-work.ts";
import { tablesRefused } from "../tables/prepare-tables.ts";
import { inTransaction } from "../parts/transaction.ts";
import { deltaTableRow, type DeltaTable } from "./delta-plan.ts";

/**
 * Drops a table that a delta has as a whole, or has dropped, and creates it again unless it is dropped. If it
 * is killed at any moment and run again, it does what is left. The table is dropped again only until its old
 * rows are deleted from the ledger, never later.
 */
export async function renewTable(
  session: MysqlSession,
  work: LoadWork,
  { database, table, way, ledger, isNoted }: DeltaTable,
): Promise<void> {
  if (!isNoted) {
    work.assertHeld();
    await session.allow(allowancesToWrite(table));
    await session.run(`DROP TABLE IF EXISTS ${tableName(database, table.table)}`);
    killPoint("table-dropped");
    await inTransaction(session, async () => {
      await forgetTable(session, database, table.table);
      await addToLedger(session, database, deltaTableRow(table.table, work.place, 0));
      work.assertHeld();
    });
    killPoint("table-forgotten");
    for (const { quarantine } of ledger)
      if (quarantine !== undefined)
        await rm(join(work.work, LOAD_QUARANTINE, quarantine.file), { force: true });
  }
  if (way !== "renewed") return;
  const created = await createTable(session, database, table);
  if (created.kind === "refused") throw tablesRefused(session.target.server, [created]);
}
