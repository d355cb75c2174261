import type { StepEvent } from "@firebreak/archive";
import type { DifferencesFile } from "./differences-file.ts";
import type { ReportedDifference } from "./reported-difference.ts";

/** Differences that are told at once; the file has all. */
const FIRST = 20;

const PROGRESS_EVERY = 1000;

/** What was found of a table, or of a collection, that is not as the archive says. */
export interface DifferencesEvent {
  readonly kind: "differences";
  readonly table: string;
  readonly keyColumns: readonly { readonly name: string; readonly type: string }[];
  /** Rows or documents. */
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
  readonly first: readonly ReportedDifference[];
  /** Where all of them stand when the run has ended. */
  readonly file: string;
}

/** Takes the differences of one table as they are found: to the file, and the first ones to be told. */
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

  async *add(difference: ReportedDifference): AsyncGenerator<StepEvent> {
    this.#counts[difference.kind] += difference.count ?? 1;
    if (this.#first.length < FIRST) this.#first.push(difference);
    await this.#file.write(difference);
    if (++this.#items % PROGRESS_EVERY === 0)
      yield { kind: "progress", stage: "differences", items: this.#items, bytes: 0 };
  }

  /** Tells them; where none was found after all, that. */
  *end(): Generator<StepEvent | DifferencesEvent> {
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
