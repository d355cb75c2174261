import {
  fieldsOf,
  LineFields,
  RAW_LINE_START,
  rawFields,
  type ExtraCount,
  type ExtraReason,
  type Kind,
} from "@firebreak/archive";
import { EXTRA_COLUMN, foldName } from "./column-names.ts";
import type { ColumnPlan, ColumnRule } from "./column-plan.ts";
import { MAX_COLUMNLESS, totalExtra } from "./extra-counts.ts";
import { columnlessReason, unfitReason } from "./extra-reason.ts";

/** A counter of one column, or field without one, and one reason. */
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
 * Counts what rows have in `_extra`. Values are noted while a document is mapped,
 * and count when its row is kept: a document that goes to quarantine has none.
 */
export class ExtraTally {
  readonly #names = new Map<string, Name>();
  readonly #others: Name = { rule: undefined, counters: {} };
  readonly #columns: readonly string[];
  readonly #folded: ReadonlySet<string>;
  /** Of the row at hand; its end is `#noted`, so that nothing is allocated for a value. */
  readonly #pending: Counter[] = [];
  #noted = 0;

  /** @param columns of the table, `_extra` among them. */
  constructor(columns: readonly ColumnPlan[]) {
    this.#columns = columns.map(({ name }) => name);
    this.#folded = new Set(this.#columns.map(foldName));
    for (const { name, rule } of columns)
      if (rule.kind !== "extra") this.#names.set(name, { rule, counters: {} });
  }

  /** Begins a row, and forgets what was noted of one that was not kept. */
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

  /** Notes a field that no text can say, or that its document has twice. */
  noteUnsayable(name: string, reason: "field-twice" | "not-text"): void {
    this.#add(name, this.#nameOf(name), reason);
  }

  /** The row is one of the table: what was noted of it counts. */
  keep(): void {
    for (let i = 0; i < this.#noted; i++) this.#pending[i]!.values++;
    this.#noted = 0;
  }

  /** Counts the values of a row that was written before, by its cell of `_extra` in byte text. */
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
    // One more than are listed tells that there are too many of them.
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
 * Why text cannot say a field of a raw line; undefined where it can.
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
