import {
  fieldsOf,
  LineFields,
  RAW_LINE_START,
  rawFields,
  type ExtraCount,
  type ExtraReason,
  type Kind,
} from "@firebreak/archive";
import { EXTRA_COLUMN, foldName, type ColumnPlan, type ColumnRule } from "@firebreak/mysql-format";
import { MAX_COLUMNLESS, totalExtra } from "./extra-counts.ts";
import { columnlessReason, unfitReason } from "./extra-reason.ts";

/** A counter for one name (of a column, or of a field without a column) and one reason. */
interface Counter {
  readonly column: string;
  readonly reason: ExtraReason;
  values: number;
}

/** The counters of one name, and the rule of its column if it has one. */
interface Name {
  readonly rule: ColumnRule | undefined;
  readonly counters: Partial<Record<ExtraReason, Counter>>;
}

/**
 * Counts the values that rows have in `_extra`. A value is noted while its document is mapped, and counts
 * when the row is kept. The values of a document that goes to quarantine do not count.
 */
export class ExtraTally {
  readonly #names = new Map<string, Name>();
  readonly #others: Name = { rule: undefined, counters: {} };
  readonly #columns: readonly string[];
  readonly #folded: ReadonlySet<string>;
  /**
   * The counters of the current row, up to `#noted`. Reusing the array avoids an allocation for each value.
   */
  readonly #pending: Counter[] = [];
  #noted = 0;

  /** @param columns the table's columns, including `_extra`. */
  constructor(columns: readonly ColumnPlan[]) {
    this.#columns = columns.map(({ name }) => name);
    this.#folded = new Set(this.#columns.map(foldName));
    for (const { name, rule } of columns)
      if (rule.kind !== "extra") this.#names.set(name, { rule, counters: {} });
  }

  /** Begins a row, and forgets the notes of a row that was not kept. */
  begin(): void {
    this.#noted = 0;
  }

  /** Notes a value that no column takes. */
  note(name: string, kind: Kind, content: string): void {
    const known = this.#nameOf(name);
    const { rule } = known;
    this.#add(
      name,
      known,
      rule === undefined ? columnlessReason(name, kind, this.#folded) : unfitReason(rule, kind, content),
    );
  }

  /** Notes a field that text cannot express, or that its document has twice. */
  noteUnsayable(name: string, reason: "field-twice" | "not-text"): void {
    this.#add(name, this.#nameOf(name), reason);
  }

  /** Keeps the row: its notes count. */
  keep(): void {
    for (let i = 0; i < this.#noted; i++) this.#pending[i]!.values++;
    this.#noted = 0;
  }

  /** Counts the values of a row that was written before, given its cell of `_extra` as byte text. */
  keepCell(cell: string): void {
    this.begin();
    if (cell.startsWith(RAW_LINE_START)) this.#noteRaw(cell);
    else {
      const fields = new LineFields();
      fields.read(cell, 0, cell.length);
      for (let i = 0; i < fields.count; i++)
        this.note(fields.names[i]!, fields.kinds[i]!, fields.contents[i]!);
    }
    this.keep();
  }

  counts(): ExtraCount[] {
    const counters = [...this.#names.values(), this.#others].flatMap((n) => Object.values(n.counters));
    return totalExtra(this.#columns, [counters.filter(({ values }) => values > 0)]);
  }

  #noteRaw(line: string): void {
    const fields = rawFields(line) ?? [];
    const counts = new Map<string | undefined, number>();
    for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const { name, text } of fields) {
      const reason = unsayableReason(name, text, counts);
      if (reason !== undefined) this.noteUnsayable(name ?? "", reason);
      else {
        const { kinds, contents } = fieldsOf([{ name: name!, text: text! }]);
        this.note(name!, kinds[0]!, contents[0]!);
      }
    }
  }

  #nameOf(name: string): Name {
    let known = this.#names.get(name);
    if (known !== undefined) return known;
    // One name above the limit is enough to show that there are too many.
    if (this.#names.size > this.#columns.length - 1 + MAX_COLUMNLESS) return this.#others;
    known = { rule: undefined, counters: {} };
    this.#names.set(name, known);
    return known;
  }

  #add(name: string, { counters }: Name, reason: ExtraReason): void {
    const column = counters === this.#others.counters ? EXTRA_COLUMN : name;
    const counter = (counters[reason] ??= { column, reason, values: 0 });
    this.#pending[this.#noted++] = counter;
  }
}

/**
 * Returns the reason why text cannot express a field of a raw line, or undefined if it can.
 *
 * @param counts how often the document has each name.
 */
export function unsayableReason(
  name: string | undefined,
  text: string | undefined,
  counts: ReadonlyMap<string | undefined, number>,
): "field-twice" | "not-text" | undefined {
  if (name === undefined || text === undefined) return "not-text";
  return counts.get(name) === 1 ? undefined : "field-twice";
}
