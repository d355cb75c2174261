import { rm } from "node:fs/promises";
import { join } from "node:path";
import { LOAD_QUARANTINE } from "@firebreak/archive";
import { addToLedger, changeLedger, type LedgerRow } from "../ledger/ledger.ts";
import { partOf } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { findLaterRows, takePlace, type LaterPart, type LaterRow } from "./later-rows.ts";
import { refusedRowsOf, sealQuarantine, withMore } from "../quarantine/load-quarantine.ts";
import type { LoadWork, LoadedPart, PartWork, Refusal } from "./part-work.ts";
import type { MergedRows } from "../merge/merge-rows.ts";
import { RowFile } from "./row-file.ts";
import { DUPLICATE_KEY } from "./send-checked.ts";
import { Settling } from "./settling.ts";
import { inCountedTransaction } from "./transaction.ts";

/**
 * Loads a part that the server refuses as a whole. All rows are loaded except those to blame, which go to a
 * sealed quarantine file before the transaction ends; the ledger row names that file. A load settles one part
 * at a time.
 *
 * If several rows have one key, the first by part and line is the right one, whichever the table got first: a
 * row of a later part gives way.
 *
 * @throws {FirebreakError} `quarantine-full`, `part-content`, or an error that no row caused.
 */
export async function settlePart(session: MysqlSession, work: LoadWork, part: PartWork): Promise<LoadedPart> {
  await using rows = await RowFile.of(work, part.part);
  const outdated: string[] = [];
  const loaded = await inCountedTransaction(session, work, async (counted) => {
    outdated.length = 0;
    const settling = new Settling(session, counted, { ...part, file: part.part.file }, rows);
    await settling.settleAll();
    const { refused, displaced } = await orderDuplicates(session, counted, part, rows, settling);
    for (const [later, gone] of displaced) {
      await setAside(session, counted, part, later, gone);
      if (later.ledger.quarantine !== undefined) outdated.push(later.ledger.quarantine.file);
    }
    return noteInLedger(session, counted, part, rows, { refused });
  });
  // Not before, since the ledger named these files until the transaction ended.
  for (const entry of outdated) await rm(join(work.work, LOAD_QUARANTINE, entry), { force: true });
  return loaded;
}

/** Swaps rows that were refused for their key with the row that has it, if that row comes later. */
async function orderDuplicates(
  session: MysqlSession,
  work: LoadWork,
  part: PartWork,
  rows: RowFile,
  settling: Settling,
): Promise<{ refused: Refusal[]; displaced: Map<LaterPart, LaterRow[]> }> {
  const duplicates = settling.refused.filter((r) => r.errno === DUPLICATE_KEY);
  const later =
    duplicates.length === 0 ? undefined : await findLaterRows(session, work, part, rows, duplicates);
  const refused: Refusal[] = [];
  const displaced = new Map<LaterPart, LaterRow[]>();
  for (const refusal of settling.refused) {
    const other = later?.get(refusal);
    if (other === undefined || !(await takePlace(session, part, settling, refusal, other))) {
      refused.push(refusal);
      continue;
    }
    const gone = displaced.get(other.of);
    if (gone === undefined) displaced.set(other.of, [other]);
    else gone.push(other);
  }
  return { refused, displaced };
}

/** Moves rows that gave way to the quarantine of their own part. */
async function setAside(
  session: MysqlSession,
  work: LoadWork,
  part: PartWork,
  { part: laterPart, ledger }: LaterPart,
  gone: readonly LaterRow[],
): Promise<void> {
  const own = { ...part, part: laterPart };
  await changeLedger(session, part.database, {
    ...ledger,
    rowCount: ledger.rowCount - gone.length,
    quarantinedCount: ledger.quarantinedCount + gone.length,
    quarantine: await sealQuarantine(work, own, withMore(work, own, ledger.quarantine, gone)),
  });
}

/** Seals the refused rows of a part and adds the part to the ledger, within the part's transaction. */
export async function noteInLedger(
  session: MysqlSession,
  work: LoadWork,
  part: PartWork,
  rows: RowFile,
  { refused, presentCount, withFound }: Pick<MergedRows, "refused"> & Partial<MergedRows>,
): Promise<LoadedPart> {
  const refusals = refusedRowsOf(work, part, rows, withFound?.() ?? refused);
  const ledger: LedgerRow = {
    table: part.table.table,
    subject: partOf(work.place, part.part.file),
    rowCount: rows.rowCount - refused.length,
    presentCount,
    quarantinedCount: refused.length,
    quarantine: refused.length === 0 ? undefined : await sealQuarantine(work, part, refusals),
    plainSha256: part.part.plainSha256,
  };
  await addToLedger(session, part.database, ledger);
  work.assertHeld();
  return { ledger, refused };
}
