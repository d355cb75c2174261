import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, LOAD_QUARANTINE } from "@firebreak/archive";
import { readRefusedRows, type RefusedRow } from "@firebreak/mysql-format";
import { changeLedger, ledgerRowOf, type LedgerRow } from "../ledger/ledger.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { loadFault } from "../load-faults.ts";
import { sealQuarantine } from "./load-quarantine.ts";
import { mergeRows } from "../merge/merge-rows.ts";
import type { FoundRefusal, LoadWork, LoadedPart, PartPlace, Refusal } from "../parts/part-work.ts";
import { RowFile } from "../parts/row-file.ts";
import { Settling, type Destination } from "../parts/settling.ts";
import { inCountedTransaction } from "../parts/transaction.ts";

/**
 * Loads the rows of a part that were refused before. Rows that are refused again stay in quarantine, with the
 * new reason.
 *
 * @throws {FirebreakError} `replay-overtaken`, `file-missing` if the quarantine is not here, or of load,
 * mysql and archive.
 */
export async function replayQuarantine(
  session: MysqlSession,
  work: LoadWork,
  part: PartPlace,
  ledger: LedgerRow,
): Promise<LoadedPart> {
  const folder = join(work.work, LOAD_QUARANTINE);
  const entry = ledger.quarantine;
  if (entry === undefined) return { ledger, refused: [] };
  const facts: RowFacts[] = [];
  await using rows = await RowFile.fill(
    work.work,
    linesOf(readRefusedRows(folder, entry, work.identities), facts),
  );
  const rowNumber = (index: number): number => facts[index]!.row;
  const replayed = await inCountedTransaction(session, work, async (counted) => {
    // A run that was thought dead may just have committed its replay of the same rows.
    const known = await ledgerRowOf(session, part.database, part.table.table, ledger.subject, true);
    if (known?.quarantine?.file !== entry.file)
      throw loadFault("replay-overtaken", { table: part.table.table, part: part.part.file });
    const to: Destination = { ...part, file: part.part.file, rowNumber };
    counted.limit.take(rows.rowCount);
    const isMerged = ledger.presentCount !== undefined;
    await using merging = isMerged ? await mergeRows(session, counted, to, rows) : undefined;
    const refused = merging?.refused ?? (await settled(session, counted, to, rows));
    const still = async function* (): AsyncGenerator<RefusedRow> {
      const each: Iterable<FoundRefusal> | AsyncIterable<FoundRefusal> = merging?.withFound() ?? refused;
      for await (const { index, errno, message, columns, found } of each)
        yield { ...facts[index]!, errno, message, columns, csv: await rows.row(index), found };
    };
    const changed: LedgerRow = {
      ...ledger,
      rowCount: ledger.rowCount + rows.rowCount - refused.length,
      presentCount: merging === undefined ? undefined : ledger.presentCount! + merging.presentCount,
      quarantinedCount: refused.length,
      quarantine: refused.length === 0 ? undefined : await sealQuarantine(work, part, still()),
    };
    await changeLedger(session, part.database, changed);
    work.assertHeld();
    return { ledger: changed, refused: refused.map((r) => ({ ...r, index: rowNumber(r.index) - 1 })) };
  });
  await rm(join(folder, entry.file), { force: true });
  return replayed;
}

/** The facts about a refused row, without the bytes of rows. */
type RowFacts = Omit<RefusedRow, "csv" | "found">;

/**
 * Refuses a replay before its first row if quarantine files are missing. The usual reason is a forgotten
 * --work, not damage.
 *
 * @throws {FirebreakError} `replay-missing`
 */
export async function refuseMissingQuarantine(work: string, entries: readonly LedgerRow[]): Promise<void> {
  for (const { table, subject, quarantinedCount: count, quarantine } of entries) {
    const file = join(work, LOAD_QUARANTINE, quarantine?.file ?? "");
    if (quarantine !== undefined && !(await exists(file)))
      throw loadFault("replay-missing", { table, part: ledgerName(subject), count, file });
  }
}

/** Sends the rows again and returns those that are refused again. */
async function settled(
  session: MysqlSession,
  work: LoadWork,
  to: Destination,
  rows: RowFile,
): Promise<readonly Refusal[]> {
  const settling = new Settling(session, work, to, rows);
  await settling.settleAll();
  return settling.refused;
}

async function* linesOf(refused: AsyncIterable<RefusedRow>, facts: RowFacts[]): AsyncGenerator<Buffer> {
  for await (const { csv, found: _, ...rest } of refused) {
    facts.push(rest);
    yield csv;
  }
}
