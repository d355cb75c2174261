import { join } from "node:path";
import { csvCells, readRefusedRows, RowReader, type RefusedRow } from "@firebreak/mysql-format";
import { keysFolder, linkItems, SupersedingKeys } from "@firebreak/items";
import { LOAD_QUARANTINE } from "@firebreak/archive";
import { changeLedger, ledgerRowOf } from "../ledger/ledger.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
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
  const reader = new RowReader(table, work.identities);
  const delta = linkItems(reader, { folder: work.folder, parts: [], keys: table.keys });
  const keys = await SupersedingKeys.read(keysFolder(work.work), [delta]);
  const folder = join(work.work, LOAD_QUARANTINE);
  const stays = ({ csv }: RefusedRow): boolean => {
    const cells = csvCells(csv);
    return cells?.length !== table.columns.length || !keys.isSuperseded(reader.keyOf(cells), 0);
  };
  try {
    const outdated: string[] = [];
    for (const { subject } of waiting) {
      // Locked, since a replay that was thought dead may be changing it.
      const row = await ledgerRowOf(session, database, table.table, subject, true);
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
      const place = { database, table, part: { file: ledgerName(subject) } };
      await changeLedger(session, database, {
        ...row,
        quarantinedCount: count,
        quarantine: count === 0 ? undefined : await sealQuarantine(work, place, rest()),
      });
      outdated.push(quarantine.file);
    }
    return outdated;
  } finally {
    await keys.close();
  }
}
