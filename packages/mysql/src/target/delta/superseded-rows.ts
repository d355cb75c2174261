import { join } from "node:path";
import { csvCells, readCsv, readRefusedRows, type RefusedRow } from "@firebreak/mysql-format";
import { KeySet, keyText, RowIdentity } from "@firebreak/items";
import { LOAD_QUARANTINE, readPart, type MysqlTable } from "@firebreak/archive";
import { changeLedger, ledgerRowOf } from "../ledger/ledger.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { sealQuarantine } from "../quarantine/load-quarantine.ts";
import type { LoadWork } from "../parts/part-work.ts";
import type { DeltaTable } from "./delta-plan.ts";

/**
 * Removes rows from quarantine whose keys a delta has. The delta's state of these keys is the right one, and
 * a replay must not load the old rows. Call it inside the transaction that applies the delta.
 *
 * @returns the quarantine files that no ledger names after the transaction.
 */
export async function forgetSuperseded(
  session: MysqlSession,
  work: LoadWork,
  { database, table, ledger }: DeltaTable,
): Promise<string[]> {
  const waiting = ledger.filter((r) => r.quarantinedCount > 0);
  if (waiting.length === 0) return [];
  const keys = await touchedKeys(work, table);
  const folder = join(work.work, LOAD_QUARANTINE);
  const identity = new RowIdentity(table);
  const stays = ({ csv }: RefusedRow): boolean => {
    const cells = csvCells(csv);
    return cells?.length !== table.columns.length || !keys.has(keyText(table, identity.keyOf(cells)));
  };
  const outdated: string[] = [];
  for (const { part } of waiting) {
    // Locked, since a replay that was thought dead may be changing it.
    const row = await ledgerRowOf(session, database, table.table, part, true);
    if (row?.quarantine === undefined) continue;
    const { quarantine } = row;
    let count = 0;
    for await (const refused of readRefusedRows(folder, quarantine, work.identities))
      if (stays(refused)) count++;
    if (count === row.quarantinedCount) continue;
    const rest = async function* (): AsyncGenerator<RefusedRow> {
      for await (const refused of readRefusedRows(folder, quarantine, work.identities))
        if (stays(refused)) yield refused;
    };
    const place = { database, table, part: { file: part } };
    await changeLedger(session, database, {
      ...row,
      quarantinedCount: count,
      quarantine: count === 0 ? undefined : await sealQuarantine(work, place, rest()),
    });
    outdated.push(quarantine.file);
  }
  return outdated;
}

async function touchedKeys({ folder, identities }: LoadWork, table: MysqlTable): Promise<KeySet> {
  const keys = new KeySet();
  for (const part of table.keys ?? []) {
    const { file } = part;
    for await (const key of readCsv(readPart(join(folder, file), file, part, { identities }), file))
      keys.add(keyText(table, key));
  }
  return keys;
}
