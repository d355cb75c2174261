import type { StepEvent } from "@firebreak/archive";
import type { UnsetCounter } from "./tables/auto-increment.ts";
import type { TargetNote } from "./preflight/findings.ts";

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
