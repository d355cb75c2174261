import { rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, LOAD_QUARANTINE } from "@firebreak/archive";
import { readRefusedRows, type RefusedRow } from "@firebreak/mysql-format";
import { changeLedger, type LedgerRow, ledgerRowOf } from "../ledger/ledger.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { type Finding, loadFault } from "../load-faults.ts";
import { sealQuarantine } from "./load-quarantine.ts";
import { mergeRows } from "../merge/merge-rows.ts";
import type { FoundRefusal, LoadedPart, LoadWork, PartPlace, Refusal } from "../parts/part-work.ts";
import { RowFile } from "../parts/row-file.ts";
import { type Destination, Settling } from "../parts/settling.ts";
import { inCountedTransaction } from "../parts/transaction.ts";
import { tableFacts } from "../../driver/table-facts.ts";
import type { LoadStage } from "@firebreak/target";
import type { ToMysqlNotes } from "../mysql-load-notes.ts";
import type { PlannedTable } from "../load-plan.ts";
import { partStage } from "../parts/session-stage.ts";

/** A part with rows in quarantine, and its ledger row. */
interface ReplayedPart extends PartPlace {
  readonly ledger: LedgerRow;
}

/**
 * Returns the stage in which the quarantine of parts is loaded. It loads one part after the other: refused
 * rows may be in each other's way.
 *
 * @throws {FirebreakError} `replay-missing` if a part's quarantine is not here.
 */
export async function replayStage(
  url: string,
  work: LoadWork,
  todo: readonly ReplayedPart[],
): Promise<LoadStage<ToMysqlNotes>> {
  const entries = todo.map(({ ledger }) => ledger);
  await refuseMissingQuarantine(work.work, entries);
  const totalItems = entries.reduce((sum, ledger) => sum + ledger.quarantinedCount, 0);
  return partStage(url, todo, { stage: "replay", items: 0, totalItems, jobs: 1 }, (session, part) =>
    replayQuarantine(session, work, part, part.ledger),
  );
}

/**
 * Refuses a replay if parts are not loaded. Otherwise a replay that succeeds could be mistaken for a load
 * that did.
 *
 * @throws {FirebreakError} `load-refused`
 */
export async function refuseUnloaded(session: MysqlSession, planned: readonly PlannedTable[]): Promise<void> {
  const { server } = session.target;
  const findings = planned
    .filter(({ todo }) => todo.length > 0)
    .map(({ table: { table, parts }, todo }): Finding => ({
      what: "replay-unloaded",
      table,
      missing: todo.length,
      parts: parts.length,
    }));
  // A load ignores triggers if all parts are in.
  for (const { database, table, done } of planned) {
    const triggers = (await tableFacts(session, database, table.table))?.triggers ?? [];
    if (triggers.length > 0 && done.some(({ ledger }) => ledger.quarantinedCount > 0))
      findings.push({ what: "triggers", table: table.table, names: triggers });
  }
  if (findings.length > 0) throw loadFault("load-refused", { server, findings });
}

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
