import { about, killPoint, type StepEvent, type TablePart } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { addToLedger, plainLedgerRow } from "../ledger/ledger.ts";
import { partOf } from "../ledger/ledger-name.ts";
import { allowancesToWrite } from "../../driver/allowances.ts";
import { countRows, tableName } from "../../driver/server-facts.ts";
import { noteDirect } from "../ledger/direct-tables.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { allowancesToCreate, runLeniently } from "./create-table.ts";
import { loadFault } from "../load-faults.ts";
import type { PlannedTable } from "../load-plan.ts";
import { bytesOf, type LoadWork } from "../parts/part-work.ts";
import { sendChecked } from "../parts/send-checked.ts";
import { inTransaction } from "../parts/transaction.ts";

/**
 * Loads the tables that cannot be loaded in InnoDB first, each as a whole, in an engine that cannot roll back
 * a part. The ledger lists a table as unfinished before it is created, and lists its parts when all are in.
 * If the load is killed before that, the table is dropped and loaded again.
 *
 * @throws {FirebreakError} `direct-refused`, `engine-rows`, or of mysql and archive.
 */
export async function* loadDirectly(
  session: MysqlSession,
  work: LoadWork,
  planned: readonly PlannedTable[],
): AsyncGenerator<StepEvent> {
  const totalItems = planned.reduce((sum, { table }) => sum + table.digest.rowCount, 0);
  let items = 0;
  for (const plan of planned) {
    await about(`${plan.database}.${plan.table.table}`, () => loadWhole(session, work, plan));
    items += plan.table.digest.rowCount;
    yield { kind: "progress", stage: "load", items, bytes: 0, totalItems };
  }
}

async function loadWhole(session: MysqlSession, work: LoadWork, plan: PlannedTable): Promise<void> {
  const { database, table } = plan;
  const place = tableName(database, table.table);
  await noteDirect(session, database, table.table, "unfinished");
  killPoint("direct-noted");
  await session.run(`DROP TABLE IF EXISTS ${place}`);
  await session.run(`USE ${quoteIdentifier(database)}`);
  await session.allow(allowancesToCreate(table));
  await runLeniently(session, table.own!.createInEngine!);
  await session.allow(allowancesToWrite(table));
  for (const part of table.parts) {
    work.assertHeld();
    await sendPart(session, work, plan, part);
    killPoint("direct-part");
  }
  const expected = table.parts.reduce((sum, { lineCount }) => sum + lineCount, 0);
  const found = await countRows(session, database, table.table);
  if (found !== expected) throw loadFault("engine-rows", { table: table.table, expected, found });
  await inTransaction(session, async () => {
    for (const { file, lineCount: rowCount, plainSha256 } of table.parts)
      await addToLedger(
        session,
        database,
        plainLedgerRow(table.table, partOf(work.place, file), rowCount, plainSha256),
      );
    await noteDirect(session, database, table.table, "whole");
    work.assertHeld();
  });
}

async function sendPart(
  session: MysqlSession,
  work: LoadWork,
  { database, table }: PlannedTable,
  part: TablePart,
): Promise<void> {
  const to = { database, table, file: part.file };
  const refused = await sendChecked(session, work.send, to, part.lineCount, bytesOf(work, part));
  if (refused === undefined) return;
  const { server } = session.target;
  const at = { namespace: table.namespace, engine: table.own!.engine, part: part.file };
  throw loadFault("direct-refused", { server, ...at, reason: refused.message });
}
