import { faultOf } from "@firebreak/archive";

/** What stops a repair from being applied; what is found beforehand is a `load-refused`. */
export interface ApplyRepairFaults {
  "repair-refused": { table: string; part: string; reason: string };
  "repair-rows": { table: string; expected: number; found: number };
}

export const applyRepairFault: ReturnType<typeof faultOf<ApplyRepairFaults>> = faultOf<ApplyRepairFaults>({
  "repair-refused": 7,
  "repair-rows": 7,
});

/** Why a target is not the one that a repair is for. */
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
