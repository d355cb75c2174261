import type { TargetFacts } from "@firebreak/archive";

/** A sample of a table's rows: the first and the last by the column `by`, with these columns. */
export interface RowSample {
  readonly by: string;
  readonly columns: readonly string[];
}

/** A sampled row: text by column, null for NULL. */
export type SampledRow = Readonly<Record<string, string | null>>;

/** Collects sampled rows and reports what they show. */
export interface SampledRows {
  add(table: string, row: SampledRow): void;
  answers(): Partial<Pick<TargetFacts, "privateTargets" | "evidence" | "newestMid">>;
}

/**
 * The facts about an application whose own tables a target has. The caller passes it in: no recipe
 * knows an application.
 */
export interface Application {
  /** Columns whose width decides what rows look like: a wider column needs other rows. */
  readonly decidingColumns: ReadonlySet<string>;
  /** Returns the sample of a table; undefined if its rows tell nothing. */
  sampleOf(table: string): RowSample | undefined;
  /** @param zones time zones to try besides the application's own candidates. */
  sampledRows(zones: readonly string[]): SampledRows;
}
