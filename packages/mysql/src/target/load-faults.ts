import { faultOf } from "@firebreak/archive";
import type { ApplicationFinding } from "./application/application.ts";
import type { DeltaFinding } from "./delta/delta-faults.ts";
import type { TargetFinding } from "./preflight/findings.ts";
import type { RepairFinding } from "./repair/repair-faults.ts";

/** A reason of load itself against a load. */
export type LoadFinding = TargetFinding | RepairFinding | DeltaFinding;

/** One reason why a load is refused; preflight collects them all. */
export type Finding = LoadFinding | ApplicationFinding;

/** A table that the server refuses to create. */
export interface TableRefusal {
  readonly namespace: string;
  readonly statement: string;
  readonly reason: string;
}

/** The faults that stop a load. */
export interface LoadFaults {
  "load-refused": { server: string; findings: readonly Finding[] };
  "replay-overtaken": { table: string; part: string };
  /** The quarantine of a part is not below `work`. */
  "replay-missing": { table: string; part: string; count: number; file: string };
  "engine-rows": { table: string; expected: number; found: number };
  /** A table's own engine refuses its statement or its rows. All rows are in InnoDB. */
  "engine-refused": { server: string; namespace: string; engine: string; reason: string };
  /** The server refuses to create tables by their original statements. */
  "table-refused": { server: string; tables: readonly TableRefusal[] };
  /** Only its own engine takes the table, but refuses its rows. */
  "direct-refused": { server: string; namespace: string; engine: string; part: string; reason: string };
}

export const loadFault: ReturnType<typeof faultOf<LoadFaults>> = faultOf<LoadFaults>({
  "load-refused": 6,
  "replay-overtaken": 7,
  "replay-missing": 6,
  "engine-rows": 7,
  "engine-refused": 7,
  "table-refused": 6,
  "direct-refused": 7,
});
