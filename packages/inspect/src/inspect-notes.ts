import type { StepEvent, TargetFacts } from "@firebreak/archive";

/** The notes of inspect, with their fields. */
export interface InspectNotes {
  "target-facts-written": Pick<TargetFacts, "privateTargets" | "evidence"> & {
    file: string;
    bytes: number;
    server: string;
    database: string;
    tables: number;
    filled: number;
    flywayVersion: string | undefined;
    /** True if the tables include those of the application. */
    hasApplication: boolean;
    newestMid: string | undefined;
  };
  "lines-found": { namespace: string; found: number; lines: number };
}

export type InspectStep = StepEvent<InspectNotes>;
