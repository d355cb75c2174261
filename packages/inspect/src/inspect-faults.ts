import { faultOf, type StepEvent } from "@firebreak/archive";
import type { FoundServer } from "./found-server.ts";

/** The faults of a request about an archive. */
export interface InspectFaults {
  "namespace-unknown": { archive: string; namespace: string; known: readonly string[] };
  /** The URL of a target names no database, or one that does not exist. */
  "target-database": { server: string; database: string | undefined };
}

export const inspectFault: ReturnType<typeof faultOf<InspectFaults>> = faultOf<InspectFaults>({
  "namespace-unknown": 2,
  "target-database": 2,
});

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
  "server-found": FoundServer;
  "lines-found": { namespace: string; found: number; lines: number };
}

export type InspectStep = StepEvent<InspectNotes>;
