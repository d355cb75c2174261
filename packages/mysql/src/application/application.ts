import type { TargetFacts } from "@firebreak/archive";

/** Rows of a table that are looked at: the first and the last by a column, and what of them. */
export interface RowSample {
  readonly by: string;
  readonly columns: readonly string[];
}

/** A sampled row: text by column, null for NULL. */
export type SampledRow = Readonly<Record<string, string | null>>;

/** Takes sampled rows, and says what they show. */
export interface SampledRows {
  add(table: string, row: SampledRow): void;
  answers(): Partial<Pick<TargetFacts, "privateTargets" | "evidence" | "newestMid">>;
}

/** What is known of an application whose own tables a target has. The caller hands it in: no recipe knows one. */
export interface Application {
  /** Columns whose width says what rows look like: with a wider one other rows are wanted. */
  readonly decidingColumns: ReadonlySet<string>;
  /** Undefined for a table whose rows tell nothing. */
  sampleOf(table: string): RowSample | undefined;
  /** @param zones are tried besides the application's own candidates. */
  sampledRows(zones: readonly string[]): SampledRows;
}
