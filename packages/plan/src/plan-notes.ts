import type { StepName } from "./plan-record.ts";

/** The notes of a rehearsal, with their fields. */
export interface PlanNotes {
  /** An earlier rehearsal was killed, and what it left is gone now. */
  "rehearsal-removed": { database: string; folder: string };
  "rehearsal-none": { work: string };
  "rehearsal-step": { step: StepName; ms: number };
}
