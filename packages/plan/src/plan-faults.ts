import { faultOf } from "@firebreak/archive";

/** The faults of a plan. */
export interface PlanFaults {
  /** The scratch database of the probe exists. It may be what an interrupted plan left, or somebody's own. */
  "probe-taken": { server: string; database: string };
  /** No collection passes the filter. */
  "plan-nothing": { server: string };
  /** The journal of a rehearsal cannot be understood, so nobody knows what it left. */
  "rehearsal-journal": { file: string };
}

export const planFault: ReturnType<typeof faultOf<PlanFaults>> = faultOf<PlanFaults>({
  "probe-taken": 6,
  "plan-nothing": 2,
  "rehearsal-journal": 6,
});
