import type { DifferencesFile } from "./differences-file.ts";
import type { ReportedDifference } from "./reported-difference.ts";
import type { ChecksumStep } from "../checksum-notes.ts";

/** The number of differences that a report shows. The file has all of them. */
const FIRST = 20;

const PROGRESS_EVERY = 1000;

/** The differences between a table or collection and the archive. */
export interface DifferencesEvent {
  readonly kind: "differences";
  readonly table: string;
  readonly keyColumns: readonly { readonly name: string; readonly type: string }[];
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
  readonly #table: string;
  readonly #keyColumns: DifferencesEvent["keyColumns"];
  readonly #file: DifferencesFile;
  readonly #counts = { missing: 0, extra: 0, changed: 0 };
  readonly #first: ReportedDifference[] = [];
  #items = 0;

  constructor(table: string, keyColumns: DifferencesEvent["keyColumns"], file: DifferencesFile) {
    this.#table = table;
    this.#keyColumns = keyColumns;
    this.#file = file;
  }

  async *add(difference: ReportedDifference): AsyncGenerator<ChecksumStep> {
    this.#counts[difference.kind] += difference.count ?? 1;
    if (this.#first.length < FIRST) this.#first.push(difference);
    await this.#file.write(difference);
    if (++this.#items % PROGRESS_EVERY === 0)
      yield { kind: "progress", stage: "differences", items: this.#items, bytes: 0 };
  }

  /** Reports the differences, or that there were none after all. */
  *end(): Generator<ChecksumStep | DifferencesEvent> {
    if (this.#items === 0) {
      yield { kind: "note", code: "differences-vanished", fields: { table: this.#table } };
      return;
    }
    yield {
      kind: "differences",
      table: this.#table,
      keyColumns: this.#keyColumns,
      ...this.#counts,
      first: this.#first,
      file: this.#file.path,
    };
  }
}
