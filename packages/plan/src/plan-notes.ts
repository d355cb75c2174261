import type { StepName } from "./plan-record.ts";

/** The notes of a plan or a rehearsal, with their fields. */
export interface PlanNotes {
  /** A probe or a rehearsal was killed, and what it left is gone now. */
  "scratch-removed": { database: string | undefined; folder: string };
  "scratch-none": { work: string };
  /** A part has too many documents to know which of the source's are in it. */
  "rehearsal-not-asked": { documents: number; most: number };
  "rehearsal-step": { step: StepName; ms: number };
}
