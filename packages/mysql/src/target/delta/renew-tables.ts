import { about, killPoint, LOAD_QUARANTINE } from "@firebreak/archive";
import { ledgerName, partOf } from "../ledger/ledger-name.ts";
import { addToLedger, ledgerOfTable, type Ledgers } from "../ledger/ledger.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { ChainPlace, LoadStage } from "@firebreak/target";
import type { ToMysqlNotes } from "../mysql-load-notes.ts";
import { loadPart, Turn } from "../parts/load-part.ts";
import type { PlannedTable } from "../load-plan.ts";
import { partStage } from "../parts/session-stage.ts";
import type { LoadWork, PartWork } from "../parts/part-work.ts";
import { deltaRows, type DeltaTable, deltaTableRow } from "./delta-plan.ts";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { allowancesToWrite } from "../../driver/allowances.ts";
import { forgetTable } from "../ledger/chain-entries.ts";
import { tableName } from "../../driver/server-facts.ts";
import { createTable } from "../tables/create-table.ts";
import { tablesRefused } from "../tables/prepare-tables.ts";
import { inTransaction } from "../parts/transaction.ts";

/**
 * Drops the tables that a delta has dropped, and creates the tables that it has as a whole again.
 *
 * @returns the stage in which the created tables are loaded.
 */
export async function renewTables(
  session: MysqlSession,
  url: string,
  work: LoadWork,
  planned: readonly DeltaTable[],
): Promise<LoadStage<ToMysqlNotes>> {
  const todo = planned.filter((t) => t.way === "renewed" || (t.way === "dropped" && !t.isNoted));
  for (const plan of todo)
    await about(`${plan.database}.${plan.table.table}`, () => renewTable(session, work, plan));
  const renewed = todo.filter((t) => t.way === "renewed");
  const parts = renewed.flatMap((plan): PartWork[] => {
    const known = new Set(plan.isNoted ? plan.ledger.map((r) => ledgerName(r.subject)) : []);
    const { database, table } = plan;
    const left = table.parts.filter((p) => !known.has(ledgerName(partOf(work.place, p.file))));
    return left.map((part) => ({ database, table, part }));
  });
  const totalItems = renewed.reduce((sum, t) => sum + t.table.digest.rowCount, 0);
  const items = totalItems - parts.reduce((sum, { part }) => sum + part.lineCount, 0);
  const turn = new Turn();
  return partStage(url, parts, { stage: "load", items, totalItems }, (own, part, count) =>
    loadPart(own, work, part, turn, count),
  );
}

/**
 * Returns the tables that exist when all rows are in, in the form that the last steps of a load need. Pure.
 *
 * @param ledgers as they are when all rows are in.
 */
export function finishedTables(
  planned: readonly DeltaTable[],
  place: ChainPlace,
  ledgers: Ledgers,
): PlannedTable[] {
  const ledgerOf = ledgerOfTable(ledgers);
  return planned.flatMap(({ database, table, way }): PlannedTable[] => {
    if (way === "dropped") return [];
    const ledger = ledgerOf(database, table.table);
    const entries = new Map(deltaRows({ ledger }, place).map((r) => [ledgerName(r.subject), r]));
    const done = table.parts.flatMap((part) => {
      const row = entries.get(ledgerName(partOf(place, part.file)));
      return row === undefined ? [] : [{ part, ledger: row }];
    });
    return [{ database, table, done, todo: [] }];
  });
}

/**
 * Drops a table that a delta has as a whole, or has dropped, and creates it again unless it is dropped. If it
 * is killed at any moment and run again, it does what is left. The table is dropped again only until its old
 * rows are deleted from the ledger, never later.
 */
async function renewTable(
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
