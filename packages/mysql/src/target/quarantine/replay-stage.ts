import { tableFacts } from "../../driver/table-facts.ts";
import type { LedgerRow } from "../ledger/ledger.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { LoadStage } from "@firebreak/target";
import { type Finding, loadFault } from "../load-faults.ts";
import type { ToMysqlNotes } from "../mysql-load-notes.ts";
import type { PlannedTable } from "../load-plan.ts";
import { partStage } from "../parts/session-stage.ts";
import type { LoadWork, PartPlace } from "../parts/part-work.ts";
import { refuseMissingQuarantine, replayQuarantine } from "./replay-quarantine.ts";

/** A part with rows in quarantine, and its ledger row. */
export interface ReplayedPart extends PartPlace {
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
