import { join } from "node:path";
import { about, type Account, readPart, readRepairManifest, type RepairTable } from "@firebreak/archive";
import { readCsv } from "@firebreak/mysql-format";
import { addToLedger, plainLedgerRow } from "../ledger/ledger.ts";
import { allowancesToRead } from "../../driver/allowances.ts";
import { countRows } from "../../driver/server-facts.ts";
import { deleteByKeys } from "../parts/delete-by-key.ts";
import { MysqlSession, mysqlTarget } from "../../driver/connect.ts";
import { TargetLock } from "../target-lock.ts";
import { storedTable } from "../../stored/stored-table.ts";
import type { SendRows } from "../sending/send-rows.ts";
import { repairFault } from "./repair-faults.ts";
import { targetDatabases } from "../load-plan.ts";
import type { MysqlLoadOptions } from "../mysql-load.ts";
import type { LoadOptions } from "@firebreak/target";
import { inspectRepair } from "./repair-preflight.ts";
import { sendChecked } from "../parts/send-checked.ts";
import { inTransaction } from "../parts/transaction.ts";
import type { ToMysqlEvent } from "../mysql-load-notes.ts";

/** The options of a repair; `archive` is its folder. */
export type RepairOptions = Pick<LoadOptions, "archive" | "jobs" | "isDryRun" | "identities"> &
  Pick<MysqlLoadOptions, "url">;

/**
 * Repairs a target with the output of `checksum`, which was just proved. Each table takes one transaction: delete the keys, insert
 * the rows, check the counts, add a row to the ledger, COMMIT. If it is killed at any moment and run again,
 * it does what is left. Tables that were repaired before are reported and left alone.
 *
 * @throws {FirebreakError} of mysql or archive.
 */
export async function* repairTables(options: RepairOptions): AsyncGenerator<ToMysqlEvent> {
  const { archive, url, identities, isDryRun } = options;
  const { manifest, sha256 } = await readRepairManifest(archive, identities);
  const target = mysqlTarget(url);
  const databases = targetDatabases({ tables: manifest.tables.map((t) => t.table) }, target.database);
  await using lock = isDryRun ? undefined : await TargetLock.take(target, databases);
  await using session = await MysqlSession.open(target);
  const { rowCounts, repaired, send, notes } = await inspectRepair(session, manifest, sha256);
  for (const note of notes) yield { kind: "note", ...note };
  const todo = manifest.tables.filter((t) => !repaired.has(t.table));
  if (repaired.size > 0)
    yield {
      kind: "note",
      code: todo.length === 0 ? "repair-done-before" : "repair-resumed",
      fields: { tables: repaired.size },
    };
  const totalItems = todo.reduce((sum, t) => sum + t.keys.lineCount, 0);
  let items = 0;
  for (const repair of isDryRun ? [] : todo) {
    yield { kind: "progress", stage: "repair", items, bytes: 0, totalItems };
    const rowCount = rowCounts.get(repair.table);
    await session.allow(allowancesToRead(repair.table));
    const counts = await about(repair.table.namespace, () =>
      inTransaction(session, async () => {
        const done = await repairTable(session, send, options, {
          ...repair,
          rowCount,
          repairSha256: sha256,
        });
        lock?.assertHeld();
        return done;
      }),
    );
    items += repair.keys.lineCount;
    yield { kind: "note", code: "table-repaired", fields: { table: repair.table.table, ...counts } };
  }
  yield { kind: "account", accounts: accountsOf(manifest.tables, isDryRun ? repaired : undefined) };
}

interface TableToRepair extends RepairTable {
  /**
   * The rows that the table must have afterwards: otherwise it was written to since the comparison. Undefined
   * if the table also has rows of others.
   */
  readonly rowCount: number | undefined;
  /** The hash of the repair's manifest. */
  readonly repairSha256: string;
}

/** Repairs one table within a transaction. */
async function repairTable(
  session: MysqlSession,
  send: SendRows,
  { archive, identities }: RepairOptions,
  { table, keys, rows, rowCount, repairSha256 }: TableToRepair,
): Promise<{ deleted: number; inserted: number }> {
  const database = session.target.database ?? table.database;
  const read = (part: typeof keys): AsyncGenerator<Buffer> =>
    readPart(join(archive, part.file), part.file, part, { identities });
  const deleted = await deleteByKeys(
    session,
    database,
    await storedTable(session, database, table),
    readCsv(read(keys), keys.file),
  );
  if (rows !== undefined) {
    const to = { database, table, file: rows.file };
    const refused = await sendChecked(session, send, to, rows.lineCount, read(rows));
    if (refused !== undefined)
      throw repairFault("repair-refused", {
        table: table.table,
        part: rows.file,
        reason: refused.message,
      });
  }
  const found = rowCount === undefined ? undefined : await countRows(session, database, table.table);
  if (rowCount !== undefined && found !== undefined && found !== rowCount)
    throw repairFault("repair-rows", { table: table.table, expected: rowCount, found });
  const inserted = rows?.lineCount ?? 0;
  const subject = { kind: "repair", repair: repairSha256 } as const;
  const row = plainLedgerRow(table.table, subject, inserted - deleted, repairSha256);
  await addToLedger(session, database, row);
  return { deleted, inserted };
}

/** @param loaded the tables whose rows are in; all if undefined. */
function accountsOf(tables: readonly RepairTable[], loaded?: ReadonlySet<RepairTable["table"]>): Account[] {
  return tables.map(({ table, rows }) => {
    const rowCount = rows?.lineCount ?? 0;
    const isIn = loaded === undefined || loaded.has(table);
    return {
      namespace: table.namespace,
      tables: [{ table: table.table, rows: rowCount, loaded: isIn ? rowCount : 0 }],
    };
  });
}
