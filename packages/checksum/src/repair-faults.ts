import { faultOf } from "@firebreak/archive";

/** Why a repair cannot be written. */
export interface RepairFaults {
  "repair-folder-taken": { folder: string; found: string };
}

export const repairFault: ReturnType<typeof faultOf<RepairFaults>> = faultOf<RepairFaults>({
  "repair-folder-taken": 6,
});
