/** The connections of a server. */
export interface Connections {
  readonly server: string;
  readonly now: number;
  /** The most at any time since the server started. Missing for MongoDB, which does not count it. */
  readonly mostUsed?: number;
  readonly limit: number;
}

/** The use of a table or an index of the target since its server started. */
export interface TableUse {
  readonly database: string;
  readonly table: string;
  /** Missing for reads without an index, and for inserts. */
  readonly index?: string;
  readonly reads: number;
  readonly writes: number;
  readonly ms: number;
}

/** A kind of query, and its time in all its runs. */
export interface SlowQuery {
  readonly server: string;
  readonly database: string;
  /** The query without its values. */
  readonly text: string;
  readonly runs: number;
  readonly ms: number;
  /** The rows or documents that the server looked at, and those that it returned or changed. */
  readonly examined: number;
  readonly returned: number;
  /** True if it looked for rows without an index. */
  readonly isScan: boolean;
}

/** The cost of an index of a new table, when all rows are in. */
export interface IndexCost {
  readonly table: string;
  readonly index: string;
  readonly columns: readonly string[];
  readonly bytes: number;
  /** True if the size is that of the index in the probe, made larger. Otherwise it comes from the widths of its columns. */
  readonly isMeasured: boolean;
  /** The time of building the index by itself, from the probe. Load builds all indexes of a table together. */
  readonly ms?: number;
  /** The use of the same index at the source. Missing if it was not seen. */
  readonly source?: { readonly uses: number; readonly since: string };
}

/** The character set and the collation of a database of the target, and what is declared for the new tables. */
export interface TextEncoding {
  readonly database: string;
  readonly characterSet: string;
  readonly collation: string;
  /** The collation that transform declares for the tables it makes, or has in mind for those that exist already. */
  readonly declared: { readonly characterSet: string; readonly collation: string };
  /** Tables with text in a character set that does not take every character. */
  readonly tables: readonly string[];
  /** True if the rows are for an application's own tables, so that no table is made. */
  readonly isGiven: boolean;
}

/** The growth of the target, for the question whether one database without partitions is enough. */
export interface Growth {
  /** The new bytes of a day at the target. Missing if neither a profile nor ObjectIds tell the growth of the source. */
  readonly bytesPerDay?: number;
  readonly tableBytes: number;
  readonly poolBytes: number;
  /**
   * The growth of a day above which partitions by time, or several databases, begin to make sense: the rows of 30 days
   * then no longer fit into the buffer pool. This is a rule of thumb.
   */
  readonly partsAboveBytesPerDay: number;
}

/** An archive in the folder that the move is going to use. */
export interface CoveringArchive {
  readonly folder: string;
  /** The time when its export began. A delta has to find what changed since. */
  readonly at: string;
  readonly documents: number;
  /** The kind and the version of the server that it is of. */
  readonly server?: string;
  /**
   * Says how a delta onto it can find what changed. It is `unknown` if the login may not see how far the oplog reaches
   * back, and missing if no delta onto it serves this move.
   */
  readonly delta?: "change-stream" | "comparison" | "unknown";
  /** The reason why it does not serve: it is of another kind of source, is itself a delta, or lacks namespaces. */
  readonly unfit?: "source" | "delta" | "namespaces";
  readonly missing?: readonly string[];
}

/** A step of the checklist, with the arguments of its commands, in their order. */
export interface ChecklistStep {
  readonly code: ChecklistCode;
  readonly when: "before" | "window" | "after";
  readonly commands: readonly (readonly string[])[];
}

export type ChecklistCode =
  | "mend"
  | "backup"
  | "rehearse"
  | "settings-for-load"
  | "export"
  | "archive-there"
  | "copy"
  | "load"
  | "checksum"
  | "query-test"
  | "delta"
  | "stop-application"
  | "last-delta"
  | "switch"
  | "keep"
  | "settings-for-service"
  | "day-after";

/** The facts of a site that a plan shows, and that its estimates do not need. */
export interface ShownFacts {
  readonly connections: readonly Connections[];
  readonly tableUse: readonly TableUse[];
  readonly slowQueries: readonly SlowQuery[];
  /** The indexes of the tables that transform makes. An application's own tables have theirs already. */
  readonly newIndexes: readonly IndexCost[];
  readonly encoding: readonly TextEncoding[];
}
