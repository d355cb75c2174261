import { faultOf } from "@firebreak/archive";

/** The reasons why a repair cannot be written. */
export interface RepairFaults {
  "repair-folder-taken": { folder: string; found: string };
  /** The rows in load's quarantine are unknown. A repair must not insert them. */
  "repair-quarantine-missing": { table: string; part: string; count: number; file: string };
}

export const repairFault: ReturnType<typeof faultOf<RepairFaults>> = faultOf<RepairFaults>({
  "repair-folder-taken": 6,
  "repair-quarantine-missing": 6,
});
