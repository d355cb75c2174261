import { exactFields, rawLineOf, RAW_LINE_START, type ExactField } from "@firebreak/archive";
import { cellOf } from "./cell.ts";
import { MAX_VARCHAR } from "./column-plan.ts";
import type { Value } from "./kinds.ts";
import type { TablePlan } from "./table-plan.ts";

/** Why a document cannot be a row. */
export type QuarantineReason = "key-missing" | "key-too-long" | "key-duplicate";

export type MappedLine =
  | { readonly kind: "row"; readonly cells: (string | null)[] }
  | { readonly kind: "quarantine"; readonly reason: QuarantineReason; readonly field: string };

/** A name as JavaScript would reorder it: inside a parsed object its place is lost. */
const INTEGER_NAME = /"\d+":/;

/** Maps lines of one collection to rows of its table. */
export class RowMapper {
  readonly #plan: TablePlan;
  readonly #columns = new Map<string, number>();

  constructor(plan: TablePlan) {
    this.#plan = plan;
    plan.columns.forEach(({ name, rule }, i) => {
      if (rule.kind !== "extra") this.#columns.set(name, i);
    });
  }

  /** @param document what JSON.parse made of the line. */
  map(line: string, document: { readonly [name: string]: Value }): MappedLine {
    if (line.startsWith(RAW_LINE_START)) return this.#mapExactly(line);
    const { columns } = this.#plan;
    const cells = new Array<string | null>(columns.length).fill(null);
    let extras = "";
    for (const name in document) {
      const value = document[name]!;
      const column = this.#columns.get(name);
      // An explicit null is NULL as a missing field is; that it was there stands in _extra.
      const cell =
        column === undefined ? undefined : cellOf(columns[column]!.rule, value, () => JSON.stringify(value));
      if (cell !== undefined) {
        const { kind } = columns[column!]!.rule;
        if ((kind === "nested" || kind === "keyText") && INTEGER_NAME.test(cell))
          return this.#mapExactly(line);
        cells[column!] = cell;
      } else {
        const text = JSON.stringify(value);
        if (INTEGER_NAME.test(text)) return this.#mapExactly(line);
        extras += `${extras === "" ? "{" : ","}${JSON.stringify(name)}:${text}`;
      }
    }
    if (extras !== "") cells[cells.length - 1] = `${extras}}`;
    return this.#checkKey(cells);
  }

  /** The same for the few lines of which JSON.parse would lose something, field by field from their text. */
  #mapExactly(line: string): MappedLine {
    const { columns } = this.#plan;
    const cells = new Array<string | null>(columns.length).fill(null);
    const fields = exactFields(line);
    const seen = new Map<string, number>();
    for (const { name } of fields) if (name !== undefined) seen.set(name, (seen.get(name) ?? 0) + 1);
    const extras: ExactField[] = [];
    for (const field of fields) {
      const { name, text } = field;
      const column = name === undefined || seen.get(name)! > 1 ? undefined : this.#columns.get(name);
      const cell =
        column === undefined || text === undefined
          ? undefined
          : cellOf(columns[column]!.rule, JSON.parse(text) as Value, () => text);
      if (cell === undefined) extras.push(field);
      else cells[column!] = cell;
    }
    if (extras.length > 0) cells[cells.length - 1] = extraText(extras, seen);
    return this.#checkKey(cells);
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
    if (isKeyText && key.length > MAX_VARCHAR && [...key].length > MAX_VARCHAR)
      return quarantine("key-too-long");
    return { kind: "row", cells };
  }
}

/** What no column can say, as a line of its own: raw where Extended JSON cannot say it either. */
function extraText(fields: readonly ExactField[], seen: ReadonlyMap<string, number>): string {
  const isText = fields.every((f) => f.text !== undefined && f.name !== undefined && seen.get(f.name) === 1);
  if (isText) return `{${fields.map((f) => `${JSON.stringify(f.name)}:${f.text!}`).join(",")}}`;
  return rawLineOf(fields.map((f) => f.element!));
}
