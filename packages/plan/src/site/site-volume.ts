/** The documents of an application's collections, by the table that they go to. */
export interface SiteVolume {
  /** The zone of the clock by which documents belong to months. */
  readonly zone: string;
  readonly tables: readonly TableVolume[];
  /** The documents that do not tell their table: they go to quarantine. */
  readonly unplaced: { readonly documents: number; readonly bytes: number };
  /** The days of the growth, up to `until`. Missing if the site is not a day old, or shows no times. */
  readonly growth?: { readonly until: string; readonly days: number };
  /** Namespaces that the server did not count. They are missing in all numbers, or in those of the growth. */
  readonly uncounted: readonly string[];
}

export interface TableVolume {
  readonly table: string;
  /** The month of the documents, as `2026-11`, if the table is one of a month. */
  readonly month?: string;
  readonly documents: number;
  /** Uncompressed. */
  readonly bytes: number;
  /** The documents of a day, on average of the days of the growth. */
  readonly documentsPerDay?: number;
}

/** The hours of the day in which documents were written. */
export interface DayHours {
  readonly zone: string;
  /** The end of the days that were looked at: the time of the newest document. */
  readonly until: string;
  readonly days: number;
  /** The number of documents for each hour of the day, from 0 to 23. */
  readonly documents: readonly number[];
  /** The hours in a row with the fewest documents, ascending from the first one, past midnight if need be. */
  readonly quietest: readonly number[];
}

/** The result of the real transform of every document. */
export interface Survey {
  readonly documents: number;
  readonly quarantined: number;
  readonly reasons: readonly QuarantineCount[];
}

/** Documents of a namespace that go to quarantine for the same reason. */
export interface QuarantineCount {
  readonly namespace: string;
  readonly reason: string;
  /** The field to blame, or nothing. */
  readonly field: string;
  readonly documents: number;
}
