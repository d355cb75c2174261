import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readCsv } from "@firebreak/mysql-format";
import { FirebreakError, killPoint, LOAD_QUARANTINE } from "@firebreak/archive";
import { addToLedger, changeLedger, plainLedgerRow, readTableLedger } from "../ledger/ledger.ts";
import { countRows, tableName } from "../../driver/server-facts.ts";
import { factsOfTables, type TableFacts } from "../../driver/table-facts.ts";
import { deleteByKeys } from "../parts/delete-by-key.ts";
import { forgetTable } from "../ledger/chain-entries.ts";
import { partOf } from "../ledger/ledger-name.ts";
import { storedAs } from "../../stored/stored-table.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { ChainPlace, LoadStage } from "@firebreak/target";
import { bytesOf, type LoadedPart, type LoadWork, type PartWork } from "../parts/part-work.ts";
import { RowFile } from "../parts/row-file.ts";
import { DUPLICATE_KEY, sendChecked } from "../parts/send-checked.ts";
import { noteInLedger } from "../parts/settle-part.ts";
import { Settling } from "../parts/settling.ts";
import { inCountedTransaction } from "../parts/transaction.ts";
import { deltaFault } from "../load-faults.ts";
import { type DeltaTable, deltaTableRow } from "./delta-plan.ts";
import { forgetSuperseded } from "./superseded-rows.ts";
import { allowancesToWrite } from "../../driver/allowances.ts";
import { refusedNotes, type ToMysqlNotes } from "../mysql-load-notes.ts";
import { sessionStage } from "../parts/session-stage.ts";

/**
 * Applies a delta to one table in one transaction: delete the rows of its keys by the keys' bytes, insert its
 * rows, check the counts, write the ledger rows, COMMIT. Rows that the server refuses go to quarantine, as in
 * a load.
 *
 * @param facts those of the table in the target.
 * @param count is called with the plaintext bytes that were sent.
 * @returns the loaded parts; empty if a run that was thought dead has just done the work.
 * @throws {FirebreakError} `delta-rows`, or of load, mysql and archive; the table is then as it was.
 */
export async function changeTable(
  session: MysqlSession,
  work: LoadWork,
  plan: DeltaTable,
  facts: TableFacts | undefined,
  count: (bytes: number) => void,
): Promise<LoadedPart[]> {
  const { database, table } = plan;
  const outdated: string[] = [];
  const loaded = await inCountedTransaction(session, work, async (counted) => {
    outdated.length = 0;
    const parts: LoadedPart[] = [];
    // Done first: it waits for a run that was thought dead but still works on this table.
    if (!(await claim(session, plan, work.place))) return undefined;
    const deleted = await deleteRows(session, work, plan, facts, outdated);
    killPoint("rows-deleted");
    for (const part of table.parts) {
      parts.push(await insertPart(session, counted, { database, table, part }));
      killPoint("rows-inserted");
      count(part.plainBytes);
    }
    await changeLedger(session, database, deltaTableRow(table.table, work.place, -deleted));
    await refuseOtherRows(session, plan);
    work.assertHeld();
    return parts;
  });
  if (loaded === undefined) return [];
  // Not before, since the ledger named these files until the transaction ended.
  for (const file of outdated) await rm(join(work.work, LOAD_QUARANTINE, file), { force: true });
  return loaded;
}

/** @returns true if the delta was not in this table yet. */
async function claim(session: MysqlSession, plan: DeltaTable, place: ChainPlace): Promise<boolean> {
  try {
    await addToLedger(session, plan.database, deltaTableRow(plan.table.table, place, 0));
    return true;
  } catch (error) {
    if (error instanceof FirebreakError && error.fields["errno"] === DUPLICATE_KEY) return false;
    throw error;
  }
}

/** @returns the number of deleted rows for the ledger; 0 if the table's other ledger rows are deleted too. */
async function deleteRows(
  session: MysqlSession,
  work: LoadWork,
  plan: DeltaTable,
  facts: TableFacts | undefined,
  outdated: string[],
): Promise<number> {
  const { database, table, way, ledger } = plan;
  if (way === "emptied") {
    await session.run(`DELETE FROM ${tableName(database, table.table)}`);
    await forgetTable(session, database, table.table);
    outdated.push(...ledger.flatMap((r) => r.quarantine?.file ?? []));
    return 0;
  }
  const stored = storedAs(table, facts);
  let deleted = 0;
  for (const part of table.keys ?? [])
    deleted += await deleteByKeys(session, database, stored, readCsv(bytesOf(work, part), part.file));
  outdated.push(...(await forgetSuperseded(session, work, plan)));
  return deleted;
}

async function insertPart(session: MysqlSession, work: LoadWork, part: PartWork): Promise<LoadedPart> {
  const { table, part: entry } = part;
  const to = { ...part, file: entry.file };
  await session.run("SAVEPOINT firebreak_part");
  const refused = await sendChecked(session, work.send, to, entry.lineCount, bytesOf(work, entry));
  if (refused === undefined) {
    const subject = partOf(work.place, entry.file);
    const ledger = plainLedgerRow(table.table, subject, entry.lineCount, entry.plainSha256);
    await addToLedger(session, part.database, ledger);
    return { ledger, refused: [] };
  }
  await session.run("ROLLBACK TO SAVEPOINT firebreak_part");
  await using rows = await RowFile.of(work, entry);
  const settling = new Settling(session, work, to, rows);
  await settling.settleAll();
  return await noteInLedger(session, work, part, rows, { refused: settling.refused });
}

/**
 * Compares the rows of a table with the manifest, unless it has rows of others too. Of a changed table these are the
 * rows that the ledger now counts. They differ from the manifest if somebody deleted or inserted rows of the delta's
 * keys after the preflight had counted the table. Other writes pass, and are found by the proof, which counts:
 * counting each table again here, within the transaction, took more of the server's time than the changes
 * themselves (1 % of 5 million rows). A table that is emptied and filled anew is counted.
 */
async function refuseOtherRows(session: MysqlSession, { database, table, way }: DeltaTable): Promise<void> {
  const ledger = await readTableLedger(session, database, table.table);
  if (ledger.some((r) => r.presentCount !== undefined)) return;
  const rowCount = table.change === "dropped" ? 0 : table.digest.rowCount;
  const expected = rowCount - ledger.reduce((sum, r) => sum + r.quarantinedCount, 0);
  const found =
    way === "emptied"
      ? await countRows(session, database, table.table)
      : ledger.reduce((sum, r) => sum + r.rowCount, 0);
  if (found !== expected) throw deltaFault("delta-rows", { table: table.table, expected, found });
}

/** Returns the stage in which a delta is applied to the tables that are kept. */
export async function changeStage(
  session: MysqlSession,
  url: string,
  work: LoadWork,
  planned: readonly DeltaTable[],
): Promise<LoadStage<ToMysqlNotes>> {
  const todo = planned.filter((t) => !t.isNoted && (t.way === "changed" || t.way === "emptied"));
  const factsOf = await factsOfTables(
    session,
    todo.map(({ database, table: { table } }) => ({ database, table })),
  );
  const rowsOf = ({ table }: DeltaTable): number =>
    [...(table.keys ?? []), ...table.parts].reduce((sum, part) => sum + part.lineCount, 0);
  const totalItems = todo.reduce((sum, t) => sum + rowsOf(t), 0);
  return sessionStage(url, todo, { stage: "delta", totalItems }, async (own, plan, progress) => {
    await own.allow(allowancesToWrite(plan.table));
    const facts = factsOf(plan.database, plan.table.table);
    const loaded = await changeTable(own, work, plan, facts, (count) => (progress.bytes += count));
    killPoint("table-changed");
    progress.items += rowsOf(plan);
    return loaded.flatMap(refusedNotes);
  });
}
