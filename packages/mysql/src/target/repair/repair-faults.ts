import { faultOf, type FindingOf } from "@firebreak/archive";

/** The faults that stop the writing or the load of a repair. Its preflight has findings instead. */
export interface RepairFaults {
  "repair-folder-taken": { folder: string; found: string };
  /** The rows in load's quarantine are unknown. A repair must not insert them. */
  "repair-quarantine-missing": { table: string; part: string; count: number; file: string };
  "repair-refused": { table: string; part: string; reason: string };
  "repair-rows": { table: string; expected: number; found: number };
}

export const repairFault: ReturnType<typeof faultOf<RepairFaults>> = faultOf<RepairFaults>({
  "repair-folder-taken": 6,
  "repair-quarantine-missing": 6,
  "repair-refused": 7,
  "repair-rows": 7,
});

/** A reason why a repair does not fit a target. */
export type RepairFinding = FindingOf<RepairFindings>;

/** The reasons, with their fields. */
interface RepairFindings {
  "repair-foreign": { table: string; part: string };
  "repair-unloaded": { table: string; missing: number; parts: number };
  "repair-table-missing": { table: string };
  "repair-cascades": { table: string; names: readonly string[] };
  "repair-engine": { table: string; engine: string };
}
