import type { ProfileFacts, StepEvent } from "@firebreak/archive";
import type { SetAsideDocuments } from "./delta/set-aside-note.ts";
import type { WidenedColumn } from "./delta/plan-of-changes.ts";

/** The notes of a transform, besides its progress. */
export interface TransformNotes {
  /** Documents of a delta that do not fit a table as it is. */
  "delta-set-aside": SetAsideDocuments;
  /** A delta is transformed with the settings of its chain. */
  "profile-of-chain": { profile: string; options: Readonly<Record<string, string>> };
  /** A delta widens columns of a table, and rewrites rows of earlier links whose values then fit. */
  "columns-widened": { table: string; columns: readonly WidenedColumn[]; rowCount: number };
  /** The decisions of a profile and the use of its rules. */
  "profile-report": ProfileFacts & { profile: string };
}

export type TransformEvent = StepEvent<TransformNotes>;
