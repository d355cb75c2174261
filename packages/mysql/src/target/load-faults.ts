import { faultOf, type FindingOf } from "@firebreak/archive";
import type { ApplicationFinding } from "./application/application.ts";
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

/** The reasons for which a delta cannot be applied to a MySQL or MariaDB. */
export interface DeltaFaults {
  /** Tables must be altered first, and the user has not agreed. */
  "delta-alter": {
    server: string;
    tables: readonly { readonly table: string; readonly statements: readonly string[] }[];
  };
  /** The statements ran, but the table still does not take the rows. */
  "delta-alter-short": { table: string; columns: readonly string[] };
  /** Rows that the target refused before may be superseded, but the file that lists them is not here. */
  "delta-quarantine-missing": { table: string; part: string; count: number; file: string };
  /** With the delta applied, the table would have a wrong number of rows. */
  "delta-rows": { table: string; expected: number; found: number };
}

export const deltaFault: ReturnType<typeof faultOf<DeltaFaults>> = faultOf<DeltaFaults>({
  "delta-alter": 6,
  "delta-alter-short": 7,
  "delta-quarantine-missing": 6,
  "delta-rows": 7,
});

/** The reasons for which a delta does not fit the tables of a target; findings of a `load-refused`. */
export type DeltaFinding = FindingOf<DeltaFindings>;

/** The reasons, with their fields. */
interface DeltaFindings {
  "delta-unloaded": { number: number };
  "delta-given": { table: string; statements: readonly string[] };
  "delta-table-missing": { table: string };
  /** The number of rows in the table differs from what the links before have put there. */
  "delta-table-rows": { table: string; ledger: number; found: number };
  "delta-engine": { table: string; engine: string };
  /** Only its own engine takes the table. */
  "delta-direct": { table: string; engine: string };
  "delta-cascades": { table: string; names: readonly string[] };
}
