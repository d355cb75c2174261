import { faultOf } from "@firebreak/archive";

/** The reasons why a chain cannot become one archive. */
export interface CompactFaults {
  "compact-no-delta": { archive: string };
  "compact-out-inside": { out: string; archive: string };
  "compact-out-taken": { out: string; found: string };
}

export const compactFault: ReturnType<typeof faultOf<CompactFaults>> = faultOf<CompactFaults>({
  "compact-no-delta": 6,
  "compact-out-inside": 2,
  "compact-out-taken": 6,
});
