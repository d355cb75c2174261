import type { LedgerRow, MysqlSession } from "@firebreak/mysql";
import { eachPartOf } from "../each-part-of.ts";
import { ledgerOfTable } from "../ledger-of-table.ts";
import type { LoadOptions } from "../load.ts";
import { loadFault } from "../load-faults.ts";
import type { LoadWork, PartPlace } from "../part-work.ts";
import { refuseMissingQuarantine, replayQuarantine } from "../replay-quarantine.ts";
import type { LoadEvent } from "../load-notes.ts";
import { inspectDelta } from "./delta-preflight.ts";

/**
 * Loads the quarantine of a chain's tables, whichever link it is from. It loads one part after the other:
 * refused rows may be in each other's way.
 *
 * @param missing the delta's number if it is not in.
 * @throws {FirebreakError} `load-refused`, `replay-missing`, or of load, mysql and archive.
 */
export async function* replayDelta(
  options: Pick<LoadOptions, "url" | "jobs" | "work">,
  session: MysqlSession,
  unsent: Omit<LoadWork, "send">,
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
  missing: number | undefined,
): AsyncGenerator<LoadEvent> {
  const { server, database: targetDatabase } = session.target;
  if (missing !== undefined)
    throw loadFault("load-refused", { server, findings: [{ what: "delta-unloaded", number: missing }] });
  const { mysql } = unsent.manifests;
  const { send } = await inspectDelta(session, mysql, [], options.work, {});
  const work: LoadWork = { ...unsent, entryOf: (file) => file, send };
  const ledgerOf = ledgerOfTable(ledgers);
  const todo = mysql.tables.flatMap((table) => {
    const database = targetDatabase ?? table.database;
    const refused = ledgerOf(database, table.table).filter((r) => r.quarantinedCount > 0);
    return refused.map((ledger): PartPlace & { readonly ledger: LedgerRow } => {
      return { database, table, part: { file: ledger.part }, ledger };
    });
  });
  const entries = todo.map((t) => t.ledger);
  await refuseMissingQuarantine(options.work, entries);
  const totalItems = entries.reduce((sum, r) => sum + r.quarantinedCount, 0);
  const stage = { stage: "replay", items: 0, totalItems } as const;
  yield* eachPartOf({ ...options, jobs: 1 }, todo, stage, (own, part) =>
    replayQuarantine(own, work, part, part.ledger),
  );
}
