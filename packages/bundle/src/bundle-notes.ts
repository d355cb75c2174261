import type { StepEvent } from "@firebreak/archive";

/** The notes of packing and unpacking, with their fields. */
export interface BundleNotes {
  "bundle-plan": BundleFigures & { out: string };
  "bundle-resumed": { sealed: number; volumes: number };
  "bundle-packed": BundleFigures & { out: string };
  "extract-plan": { archive: string; volumes: readonly string[]; missing: readonly string[] };
  "extract-resumed": { done: number; volumes: number };
  "bundle-extracted": BundleFigures & { archive: string };
}

interface BundleFigures {
  readonly files: number;
  readonly bytes: number;
  readonly volumes: number;
}

export type BundleEvent = StepEvent<BundleNotes>;
