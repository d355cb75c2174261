import { faultOf } from "@firebreak/archive";

/** Why a repair cannot be written. */
export interface RepairFaults {
  "repair-folder-taken": { folder: string; found: string };
  /** Which rows load put in quarantine is not known, and a repair must not bring them. */
  "repair-quarantine-missing": { table: string; part: string; count: number; file: string };
}

export const repairFault: ReturnType<typeof faultOf<RepairFaults>> = faultOf<RepairFaults>({
  "repair-folder-taken": 6,
  "repair-quarantine-missing": 6,
});
