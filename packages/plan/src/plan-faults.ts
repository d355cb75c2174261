import { faultOf } from "@firebreak/archive";

/** The faults of a plan. */
export interface PlanFaults {
  /** The scratch database of the probe exists. It may be what an interrupted plan left, or somebody's own. */
  "probe-taken": { server: string; database: string };
  /** The work folder's disk cannot hold what a survey of all documents makes. */
  "survey-disk": { folder: string; needed: number; free: number };
  /** No collection passes the filter. */
  "plan-nothing": { server: string };
  /** The journal of a probe or a rehearsal cannot be understood, so nobody knows what it left. */
  "scratch-journal": { file: string };
  /** A killed probe or rehearsal left a database on another server than the given one. */
  "scratch-elsewhere": { database: string; server: string; given: string };
}

export const planFault: ReturnType<typeof faultOf<PlanFaults>> = faultOf<PlanFaults>({
  "probe-taken": 6,
  "survey-disk": 6,
  "plan-nothing": 2,
  "scratch-journal": 6,
  "scratch-elsewhere": 6,
});
