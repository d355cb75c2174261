import { LOAD_QUARANTINE, type StepEvent } from "@firebreak/archive";
import type { UnsetCounter } from "./tables/auto-increment.ts";
import type { TargetNote } from "./preflight/findings.ts";
import { join } from "node:path";
import { ledgerName } from "./ledger/ledger-name.ts";
import type { LoadedPart } from "./parts/part-work.ts";

/** The notes of rows and tables. */
interface RowNotes {
  "load-resumed": { parts: number };
  "load-counter": UnsetCounter & { table: string };
  "rows-refused": {
    table: string;
    part: string;
    count: number;
    rows: readonly {
      readonly row: number;
      readonly errno: number;
      readonly message: string;
      readonly columns: readonly string[];
    }[];
  };
  "rows-quarantined": { count: number; folder: string };
}

interface DeltaNotes {
  "delta-resumed": { number: number; tables: number };
  "table-altered": { statement: string };
  "table-to-alter": { statement: string };
}

interface RepairNotes {
  "repair-done-before": { tables: number };
  "repair-resumed": { tables: number };
  "table-repaired": { table: string; deleted: number; inserted: number };
}

/** The notes of a load into MySQL, with their fields. */
export type ToMysqlNotes = RowNotes &
  DeltaNotes &
  RepairNotes & { [N in TargetNote as N["code"]]: N["fields"] };

export type ToMysqlEvent = StepEvent<ToMysqlNotes>;

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
