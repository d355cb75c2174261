import type { StepEvent } from "@firebreak/archive";

/** The notes of a compact run, with their fields. */
export interface CompactNotes {
  "compact-resumed": { out: string; namespaces: number };
  /** The server's order of keys is unknown, so new lines come after all others. */
  "compact-behind": { namespace: string; lines: number };
}

export type CompactEvent = StepEvent<CompactNotes>;
