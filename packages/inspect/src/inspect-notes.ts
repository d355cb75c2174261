import type { StepEvent } from "@firebreak/archive";

/** The notes of inspect, with their fields. */
export interface InspectNotes {
  /** The facts of a target are in a file. Further fields come from the application. */
  "target-facts-written": {
    file: string;
    bytes: number;
    server: string;
    database: string;
    tables: number;
    filled: number;
    /** The profile of the application that the facts are about. */
    profile: string;
  };
  "lines-found": { namespace: string; found: number; lines: number };
}

export type InspectStep = StepEvent<InspectNotes>;
