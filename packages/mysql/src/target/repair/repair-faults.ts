import { faultOf } from "@firebreak/archive";

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
export type RepairFinding =
  | { readonly what: "repair-foreign"; readonly table: string; readonly part: string }
  | {
      readonly what: "repair-unloaded";
      readonly table: string;
      readonly missing: number;
      readonly parts: number;
    }
  | { readonly what: "repair-table-missing"; readonly table: string }
  | { readonly what: "repair-cascades"; readonly table: string; readonly names: readonly string[] }
  | { readonly what: "repair-engine"; readonly table: string; readonly engine: string };
