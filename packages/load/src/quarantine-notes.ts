import { join } from "node:path";
import { LOAD_QUARANTINE } from "@firebreak/archive";
import { ledgerSubject, type LedgerRow } from "@firebreak/mysql";
import { quarantinedOf, type PlannedTable } from "./load-plan.ts";
import type { LoadWork, Refusal } from "./part-work.ts";
import type { LoadEvent } from "./load-notes.ts";

/** The number of refused rows that are shown; the quarantine file has them all. */
const MAX_NAMED = 5;

/** Notes which rows of one part the target refused, and why. */
export function refusedNote({ table, part }: LedgerRow, refused: readonly Refusal[]): LoadEvent {
  const rows = refused
    .slice(0, MAX_NAMED)
    .map(({ index, errno, message, columns }) => ({ row: index + 1, errno, message, columns }));
  const subject = ledgerSubject(part);
  const file = subject.kind === "delta-part" ? subject.file : part;
  return { kind: "note", code: "rows-refused", fields: { table, part: file, count: refused.length, rows } };
}

/** Notes how many rows are in quarantine, and where. */
export function quarantineNote({ work }: LoadWork, planned: readonly PlannedTable[]): LoadEvent {
  const folder = join(work, LOAD_QUARANTINE);
  return { kind: "note", code: "rows-quarantined", fields: { count: quarantinedOf(planned), folder } };
}
