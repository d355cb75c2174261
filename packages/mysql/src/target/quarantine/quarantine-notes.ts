import { join } from "node:path";
import { LOAD_QUARANTINE } from "@firebreak/archive";
import { ledgerName } from "../ledger/ledger-name.ts";
import type { ToMysqlEvent } from "../mysql-load-notes.ts";
import type { LoadedPart } from "../parts/part-work.ts";

/** The number of refused rows that are shown; the quarantine file has them all. */
const MAX_NAMED = 5;

/** Notes which rows of one part the target refused, and why. */
export function refusedNotes({ ledger: { table, subject }, refused }: LoadedPart): ToMysqlEvent[] {
  if (refused.length === 0) return [];
  const rows = refused
    .slice(0, MAX_NAMED)
    .map(({ index, errno, message, columns }) => ({ row: index + 1, errno, message, columns }));
  const file = "file" in subject ? subject.file : ledgerName(subject);
  const fields = { table, part: file, count: refused.length, rows };
  return [{ kind: "note", code: "rows-refused", fields }];
}

/** Notes how many rows are in quarantine, and where. */
export function quarantineNotes(work: string, count: number): ToMysqlEvent[] {
  const folder = join(work, LOAD_QUARANTINE);
  return count > 0 ? [{ kind: "note", code: "rows-quarantined", fields: { count, folder } }] : [];
}
