import type { ProfileFacts, StepEvent } from "@firebreak/archive";

/** The reasons for quarantine that depend on how a table was made. */
export const REASONS_OF_TABLE = [
  "key-other-type",
  "key-out-of-range",
  "key-too-long",
  "row-too-long",
] as const;

/** The documents of a delta that do not fit a table. A full archive would get another table. */
export interface SetAsideDocuments {
  readonly namespace: string;
  readonly table: string;
  readonly reasons: readonly {
    readonly reason: (typeof REASONS_OF_TABLE)[number];
    readonly count: number;
  }[];
}

/** A column that a delta widens. */
export interface WidenedColumn {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** Why a delta is transformed from the whole chain. */
export type WholeReason =
  /** The profile does not survey some of the lines that it maps. */
  | "no-survey"
  /** The profile maps lines by other settings than before, or to other targets. */
  | "other-plan"
  /** Another version transformed the link before, and may have mapped lines otherwise. */
  | "other-version"
  /** All lines that the chain ever had contradict a setting. Those that exist may not. */
  | "contradicted"
  /** The counts of the link before are not those of its lines. */
  | "counts-differ";

/** Ends the transform of the affected lines of a delta: it has to be done from the whole chain. */
export class NeedsWhole extends Error {
  readonly reason: WholeReason;

  constructor(reason: WholeReason) {
    super(reason);
    this.reason = reason;
  }
}

/** The notes of a transform, besides its progress. */
export interface TransformNotes {
  /** Documents of a delta that do not fit a table as it is. */
  "delta-set-aside": SetAsideDocuments;
  /** A delta is transformed with the settings of its chain. */
  "profile-of-chain": { profile: string; options: Readonly<Record<string, string>> };
  /** A delta widens columns of a table, and rewrites rows of earlier links whose values then fit. */
  "columns-widened": { table: string; columns: readonly WidenedColumn[]; rowCount: number };
  /** A link before a delta was transformed without an index of its lines, so the chain is surveyed again. */
  "line-index-made": { archive: string };
  /** A delta is transformed from the whole chain, which takes as long as a full transform. */
  "delta-by-whole": { archive: string; reason: WholeReason };
  /** The decisions of a profile and the use of its rules. */
  "profile-report": ProfileFacts & { profile: string };
}

export type TransformEvent = StepEvent<TransformNotes>;
