import { rawFields, rawLineOf, toByteText } from "@firebreak/archive";
import { cellOf } from "./cell.ts";
import { MAX_VARCHAR } from "./column-plan.ts";
import { characterCount } from "./field-survey.ts";
import { fieldsOf, type Fields, type ReadLine } from "@firebreak/archive";
import type { TablePlan } from "./table-plan.ts";

/** Why a document cannot be a row. */
export type QuarantineReason =
  | "document-malformed"
  | "key-missing"
  | "key-too-long"
  | "key-duplicate"
  /** Of a line that is to be a row of a MySQL table's own: a column without a value, a field without a column, another's value. */
  | "field-missing"
  | "field-unknown"
  | "value-foreign";

export type MappedLine =
  | { readonly kind: "row"; readonly cells: (string | null)[] }
  | { readonly kind: "quarantine"; readonly reason: QuarantineReason; readonly field: string };

/** Maps lines of one collection to rows of its table, all in byte text. */
export class RowMapper {
  readonly #plan: TablePlan;
  readonly #emptyRow: readonly (string | null)[];
  readonly #columns = new Map<string, number>();
  /** Of the fields of the last document, by their place: documents of a collection mostly have the same. */
  readonly #lastNames: string[] = [];
  readonly #lastColumns: (number | undefined)[] = [];

  constructor(plan: TablePlan) {
    this.#plan = plan;
    this.#emptyRow = plan.columns.map(() => null);
    plan.columns.forEach(({ name, rule }, i) => {
      if (rule.kind !== "extra") this.#columns.set(name, i);
    });
  }

  map({ line, isRaw, fields }: Pick<ReadLine, "line" | "isRaw" | "fields">): MappedLine {
    if (isRaw) return this.#mapRaw(line);
    const cells = [...this.#emptyRow];
    let extras = "";
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      // An explicit null is NULL as a missing field is; that it was there stands in _extra.
      if (!this.#setCell(cells, name, fields, i))
        extras += `${extras === "" ? "{" : ","}${quoted(name)}:${fields.text(i)}`;
    }
    if (extras !== "") cells[cells.length - 1] = `${extras}}`;
    return this.#checkKey(cells);
  }

  /** What of a raw line's document no column can say goes to `_extra` as a raw line of its own. */
  #mapRaw(line: string): MappedLine {
    const cells = [...this.#emptyRow];
    const fields = rawFields(line);
    if (fields === undefined) return { kind: "quarantine", reason: "document-malformed", field: "" };
    const counts = new Map<string | undefined, number>();
    for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
    const extras = fields.filter(({ name, text }) => {
      const isSayable = name !== undefined && text !== undefined && counts.get(name) === 1;
      return !(isSayable && this.#setCell(cells, name, fieldsOf([{ name, text }]), 0));
    });
    const isText = extras.every(
      ({ name, text }) => name !== undefined && text !== undefined && counts.get(name) === 1,
    );
    if (extras.length > 0)
      cells[cells.length - 1] = isText
        ? `{${extras.map((f) => `${quoted(f.name!)}:${f.text!}`).join(",")}}`
        : rawLineOf(extras.map((f) => f.element));
    return this.#checkKey(cells);
  }

  #setCell(cells: (string | null)[], name: string, fields: Fields, i: number): boolean {
    const column = this.#columnOf(name, i);
    const cell = column === undefined ? undefined : cellOf(this.#plan.columns[column]!.rule, fields, i);
    if (cell === undefined) return false;
    cells[column!] = cell;
    return true;
  }

  #columnOf(name: string, i: number): number | undefined {
    if (this.#lastNames[i] !== name) {
      this.#lastNames[i] = name;
      this.#lastColumns[i] = this.#columns.get(name);
    }
    return this.#lastColumns[i];
  }

  #checkKey(cells: (string | null)[]): MappedLine {
    const key = cells[0] as string | null;
    const quarantine = (reason: QuarantineReason): MappedLine => ({
      kind: "quarantine",
      reason,
      field: "_id",
    });
    if (key === null) return quarantine("key-missing");
    const isKeyText = this.#plan.columns[0]!.rule.kind === "keyText";
    if (isKeyText && key.length > MAX_VARCHAR && characterCount(key) > MAX_VARCHAR)
      return quarantine("key-too-long");
    return { kind: "row", cells };
  }
}

function quoted(name: string): string {
  return toByteText(JSON.stringify(name));
}
