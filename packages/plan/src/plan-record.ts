import type { Reason } from "@firebreak/archive";
import type { LoadFaults } from "@firebreak/mysql/target";
import type { DayHours, SiteVolume, Survey } from "./site/site-volume.ts";
import type { ChecklistStep, CoveringArchive, Growth, ShownFacts, TextEncoding } from "./facts-record.ts";

/** A collection or a table, with its size on its server. */
export interface Volume {
  readonly kind: "collection" | "table";
  readonly database: string;
  readonly name: string;
  /** Documents or rows. Of a table the server's estimate. */
  readonly items: number;
  /** The bytes of the documents or rows: of a collection uncompressed, of a table as it is stored. */
  readonly bytes: number;
  readonly indexBytes: number;
  /**
   * The recent documents of a day, by the times that a profile knows, or by those in their ObjectIds. Missing where
   * neither tells.
   */
  readonly itemsPerDay?: number;
}

/** The use of a server, while somebody watched it. */
export interface Access {
  readonly server: string;
  readonly seconds: number;
  readonly readsPerSecond: number;
  readonly writesPerSecond: number;
  readonly connections: number;
}

export interface IndexName {
  readonly namespace: string;
  readonly index: string;
}

/** An index of a collection, and how often it served since the server started or the index was made. */
export interface IndexUse extends IndexName {
  readonly uses: number;
  readonly since: string;
}

/** An interval of times or sizes. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The steps of a move. */
export const STEPS = ["export", "transform", "load", "checksum"] as const;
export type StepName = (typeof STEPS)[number];

export interface StepEstimate {
  readonly step: StepName;
  readonly ms: Interval;
  /** False if there was no measurement of this step: its interval is then wide. */
  readonly isMeasured: boolean;
}

export interface Estimate {
  readonly steps: readonly StepEstimate[];
  /** All steps together; they run while the application does. */
  readonly fullRunMs: Interval;
  /** The last delta, its load and its proof, while the application is stopped. */
  readonly windowMs: Interval;
  readonly diskBytes: {
    readonly archive: number;
    readonly work: number;
    readonly target: number;
    readonly binaryLog: number;
  };
}

/** A fact that stops the move, endangers it, or should be known. The fields depend on the code. */
export type PlanFinding = {
  readonly [C in keyof PlanFindings]: {
    readonly code: C;
    readonly severity: Severity;
    readonly fields: Readonly<PlanFindings[C]>;
  };
}[keyof PlanFindings];

export type Severity = "stop" | "warn" | "note";

/** The findings, with their fields. */
export interface PlanFindings {
  /** The preflight of load refuses the target. */
  "load-refused": LoadFaults["load-refused"];
  /** A standalone has no change stream, so its last delta reads everything. */
  standalone: { server: string };
  "oplog-short": { hours: number };
  "disk-small": { folder: string; needed: number; free: number };
  /** Documents of the probe are in quarantine. */
  quarantined: { namespace: string; documents: number; of: number };
  "packet-small": { needed: number; limit: number };
  /** Indexes that served no query since the server counts. They take time and space at the target, too. */
  "index-unused": { indexes: readonly IndexName[] };
  /** The source is too old for reads of one moment. */
  "no-snapshots": { version: string };
  "mariadb-values": { version: string };
  "processlist-fails": { version: string };
  /** A problem that the application's own texts describe. */
  application: { what: string };
  /** A query looks at many rows or documents without an index. `examined` is for one run. */
  "index-missing": { server: string; database: string; text: string; runs: number; examined: number };
  /** The database of the target has another character set or collation than the tables that transform makes. */
  "text-encoding": TextEncoding;
}

/** A setting of the target. */
export interface SettingAdvice {
  readonly variable: string;
  readonly value: string;
  readonly advised: string;
  readonly for: "load" | "service";
  readonly reason: SettingReason;
}

export type SettingReason =
  | "pool-holds-data"
  | "pool-holds-indexes"
  | "redo-for-load"
  | "redo-for-service"
  | "flush-for-load"
  | "durable"
  | "log-rows"
  | "log-images"
  | "log-plain"
  | "log-space"
  | "packet"
  | "local-infile"
  | "local-infile-off"
  | "utf8mb4";

/** Something that the plan could not look at, and why. */
export interface Unseen {
  readonly what:
    | "oplog"
    | "index-use"
    | "counters"
    | "writes"
    | "load"
    | "connections"
    | "profile"
    | "profiler-off"
    | "table-use"
    | "statements"
    | "performance-schema-off"
    | "archive"
    | "site"
    | "hours";
  /** Missing if nobody asked for it: a load is only measured in a scratch database. */
  readonly reason?: Reason;
  /** The databases or the server where it was not seen. */
  readonly names?: readonly string[];
}

/** The whole plan. */
export interface PlanRecord extends ShownFacts {
  readonly at: string;
  readonly source: string;
  readonly target: string;
  readonly volumes: readonly Volume[];
  readonly access: readonly Access[];
  readonly indexUse: readonly IndexUse[];
  readonly growth: Growth;
  /** The archive that the folder has already. */
  readonly archive?: CoveringArchive;
  readonly checklist: readonly ChecklistStep[];
  readonly estimate: Estimate;
  /** Missing without a profile, or if its application has no documents here. */
  readonly site?: SiteVolume;
  /** Missing if the documents of several days do not tell when they were written. */
  readonly hours?: DayHours;
  /** Present if every document was surveyed. */
  readonly survey?: Survey;
  readonly findings: readonly PlanFinding[];
  readonly settings: readonly SettingAdvice[];
  readonly unseen: readonly Unseen[];
}
