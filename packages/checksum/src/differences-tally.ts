import type { StepEvent } from "@firebreak/archive";
import type { DifferingItems, KeyColumns, ReportedDifference } from "@firebreak/target";
import type { DifferencesFile } from "./differences-file.ts";

/** The number of differences that a report shows. The file has all of them. */
const FIRST = 20;

const PROGRESS_EVERY = 1000;

/** The note that there were no differences after all. */
export interface TallyNotes {
  "differences-vanished": { table: string };
}

/** The differences between a table or collection and the archive. */
export interface DifferencesEvent {
  readonly kind: "differences";
  readonly table: string;
  readonly keyColumns: KeyColumns;
  /** The number of rows or documents. */
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
  readonly first: readonly ReportedDifference[];
  /** The file that has all differences when the run has ended. */
  readonly file: string;
}

/**
 * Collects the differences of one table: writes each to the file, and keeps the first ones for the report.
 */
export class DifferencesTally {
  readonly #of: Omit<DifferingItems, "differences">;
  readonly #file: DifferencesFile;
  readonly #counts = { missing: 0, extra: 0, changed: 0 };
  readonly #first: ReportedDifference[] = [];
  #items = 0;

  constructor(of: Omit<DifferingItems, "differences">, file: DifferencesFile) {
    this.#of = of;
    this.#file = file;
  }

  async *add(difference: ReportedDifference): AsyncGenerator<StepEvent<TallyNotes>> {
    this.#counts[difference.kind] += difference.count ?? 1;
    if (this.#first.length < FIRST) this.#first.push(difference);
    await this.#file.write(difference);
    if (++this.#items % PROGRESS_EVERY === 0)
      yield { kind: "progress", stage: "differences", items: this.#items, bytes: 0 };
  }

  /** Reports the differences, or that there were none although the sums differed. */
  *end(): Generator<StepEvent<TallyNotes> | DifferencesEvent> {
    const { table, keyColumns, isKnown } = this.#of;
    if (this.#items > 0)
      yield {
        kind: "differences",
        table,
        keyColumns,
        ...this.#counts,
        first: this.#first,
        file: this.#file.path,
      };
    else if (isKnown) yield { kind: "note", code: "differences-vanished", fields: { table } };
  }
}
