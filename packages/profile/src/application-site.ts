import type { MysqlSession } from "@firebreak/mysql";

/** A collection of the source. */
export interface Place {
  readonly database: string;
  readonly collection: string;
}

/** An application that spreads its documents over many tables, by their time or their owner. */
export interface ApplicationSite {
  /** Returns how MongoDB counts the documents of a collection. Undefined if the application does not spread them. */
  countingOf(place: Place): Counting | undefined;
  /** Begins a count of all these collections. */
  begin(): SiteCounter;
  /** Returns the known problems of the application's versions and settings. It only reads. Throws mysql's errors. */
  problems(look: SiteLook): Promise<readonly SiteFinding[]>;
}

export interface Counting {
  /** An aggregation expression. Documents with the same value are counted together, so there must be few values. */
  readonly groupBy: unknown;
  /** Returns the filter for documents that were written from one instant on, and before another. */
  between(fromMs: number, untilMs: number): Readonly<Record<string, unknown>>;
}

/** The documents of a collection that have the same value of `groupBy`. */
export interface CountedGroup {
  readonly key: unknown;
  readonly documents: number;
  readonly bytes: number;
}

/** Adds up the groups of a site's collections, in memory that does not depend on the number of documents. */
export interface SiteCounter {
  add(place: Place, group: CountedGroup): void;
  /** Adds a group of the recent documents. All documents of its collection were added before. */
  addRecent(place: Place, group: CountedGroup): void;
  /** Returns the times between which documents were written, without those after `nowMs`. Undefined if none tell. */
  span(nowMs: number): Span | undefined;
  finish(): SiteCount;
}

export interface Span {
  readonly fromMs: number;
  /** The first instant after all of them. */
  readonly untilMs: number;
}

export interface SiteCount {
  /** The documents for each table, in its own order. */
  readonly tables: readonly TableCount[];
  /** The documents that do not tell their table. */
  readonly unplaced: Pick<CountedGroup, "documents" | "bytes">;
  /** The zone of the site's clock. */
  readonly zone: string;
  /** The recent documents, by the start of the quarter of an hour in which they were written. */
  readonly times: readonly WrittenAt[];
  /** Returns the hour of the day that the site's clock shows. */
  hourOf(ms: number): number;
}

export interface TableCount {
  readonly table: string;
  /** The month of the documents, as `2026-11`, if the table is one of a month. */
  readonly month?: string;
  readonly documents: number;
  readonly bytes: number;
  readonly recentDocuments: number;
}

/** The number of documents that were written in a quarter of an hour. */
export interface WrittenAt {
  readonly ms: number;
  readonly documents: number;
}

/** The things that an application looks at to find its problems. */
export interface SiteLook {
  readonly session: Pick<MysqlSession, "rows" | "target">;
  readonly collections: readonly Place[];
}

/** A problem that only the application's own texts describe. Further fields depend on `what`. */
export interface SiteFinding {
  readonly severity: "stop" | "warn" | "note";
  readonly finding: { readonly what: string };
}
