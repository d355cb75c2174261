import { faultOf } from "@firebreak/archive";
import type { DeltaFinding } from "./delta/delta-faults.ts";
import type { TargetFinding } from "./preflight/findings.ts";
import type { RepairFinding } from "./repair-faults.ts";

/** One reason why a load does not begin; preflight gathers them all. */
export type Finding = TargetFinding | RepairFinding | DeltaFinding;

/** A table that the server does not make. */
export interface TableRefusal {
  readonly namespace: string;
  readonly statement: string;
  readonly reason: string;
}

/** What stops a load. */
export interface LoadFaults {
  "load-refused": { server: string; findings: readonly Finding[] };
  "replay-overtaken": { table: string; part: string };
  /** The quarantine of a part is not below `work`. */
  "replay-missing": { table: string; part: string; count: number; file: string };
  "engine-rows": { table: string; expected: number; found: number };
  /** The engine that a table is to have does not take its statement or its rows; they are all in InnoDB. */
  "engine-refused": { server: string; namespace: string; engine: string; reason: string };
  /** The server does not make tables by the statements that they had. */
  "table-refused": { server: string; tables: readonly TableRefusal[] };
  /** A table that only its own engine takes, which does not take its rows. */
  "direct-refused": { server: string; namespace: string; engine: string; part: string; reason: string };
  /** All rows are in, and the target's migrations are not those that it had when the load began. */
  "flyway-moved": { database: string; before: string; after: string | undefined };
  "quarantine-full": { max: number; table: string; part: string; reason: string };
}

export const loadFault: ReturnType<typeof faultOf<LoadFaults>> = faultOf<LoadFaults>({
  "load-refused": 6,
  "replay-overtaken": 7,
  "replay-missing": 6,
  "engine-rows": 7,
  "engine-refused": 7,
  "table-refused": 6,
  "direct-refused": 7,
  "flyway-moved": 7,
  "quarantine-full": 7,
});
