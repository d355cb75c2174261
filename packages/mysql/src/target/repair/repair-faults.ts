import { faultOf } from "@firebreak/archive";

/** The faults that stop a repair. Findings of its preflight are a `load-refused` instead. */
export interface ApplyRepairFaults {
  "repair-refused": { table: string; part: string; reason: string };
  "repair-rows": { table: string; expected: number; found: number };
}

export const applyRepairFault: ReturnType<typeof faultOf<ApplyRepairFaults>> = faultOf<ApplyRepairFaults>({
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
