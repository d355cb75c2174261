import {
  fieldsOf,
  rawFields,
  rawLineOf,
  toByteText,
  type Fields,
  type ReadLine,
  type Kind,
} from "@firebreak/archive";
import { cellOf, type ColumnRule } from "@firebreak/mysql-format";
import { largestField } from "../collections/document-fields.ts";
import { ID } from "../collections/document-key.ts";
import { unsayableReason, type ExtraTally } from "../extra/extra-tally.ts";
import { LONG_LINE_BYTES, type TablePlan } from "./table-plan.ts";

/** The reason why a document cannot be a row. */
export type QuarantineReason =
  | "document-malformed"
  | "key-missing"
  | "key-duplicate"
  | KeyRefusal
  /** In a delta: the line has 4 MiB or more, but the table hashes rows whole because none was that long. */
  | "row-too-long"
  /**
   * In a row of a MySQL table that becomes itself again: a column without a value, a field without a column,
   * a value of another type.
   */
  | "field-missing"
  | "field-unknown"
  | "value-foreign";

export type MappedLine =
  | { readonly kind: "row"; readonly cells: (string | null)[] }
  | { readonly kind: "quarantine"; readonly reason: QuarantineReason; readonly field: string };

type MappableLine = Pick<ReadLine, "line" | "isRaw" | "fields">;

/** Maps lines of one collection to rows of its table. Everything is byte text. */
export class RowMapper {
  readonly #plan: TablePlan;
  readonly #extras: ExtraTally | undefined;
  readonly #emptyRow: readonly (string | null)[];
  readonly #columns = new Map<string, number>();
  /**
   * The field names of the last document, by position. Documents of a collection mostly have the same fields.
   */
  readonly #lastNames: string[] = [];
  readonly #lastColumns: (number | undefined)[] = [];

  /** @param extras notes the values that go to `_extra`. The caller calls its `keep` if it keeps the row. */
  constructor(plan: TablePlan, extras?: ExtraTally) {
    this.#plan = plan;
    this.#extras = extras;
    this.#emptyRow = plan.columns.map(() => null);
    plan.columns.forEach(({ name, rule }, i) => {
      if (rule.kind !== "extra") this.#columns.set(name, i);
    });
  }

  map(read: MappableLine): MappedLine {
    const { line, fields } = read;
    this.#extras?.begin();
    if (this.#plan.rowEncoding === "values" && line.length >= LONG_LINE_BYTES)
      return { kind: "quarantine", reason: "row-too-long", field: largestField(fields) };
    const cells = this.cells(read);
    if (cells === undefined) return { kind: "quarantine", reason: "document-malformed", field: "" };
    if (cells[0] !== null) return { kind: "row", cells };
    return { kind: "quarantine", reason: this.#keyReason(fields), field: ID };
  }

  /** Returns the cells of a line, with or without a key. Returns undefined if the line is not a document. */
  cells({ line, isRaw, fields }: MappableLine): (string | null)[] | undefined {
    if (isRaw) return this.#rawCells(line);
    const cells = [...this.#emptyRow];
    let extras = "";
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      // An explicit null becomes NULL, like a missing field. `_extra` records that it was there.
      if (!this.#setCell(cells, name, fields, i))
        extras += `${extras === "" ? "{" : ","}${quoted(name)}:${fields.text(i)}`;
    }
    if (extras !== "") cells[cells.length - 1] = `${extras}}`;
    return cells;
  }

  /** Maps a raw line. Fields that no column can express go to `_extra`, if need be as a raw line. */
  #rawCells(line: string): (string | null)[] | undefined {
    const cells = [...this.#emptyRow];
    const fields = rawFields(line);
    if (fields === undefined) return undefined;
    const counts = new Map<string | undefined, number>();
    for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
    const extras = fields.filter(({ name, text }) => {
      const reason = unsayableReason(name, text, counts);
      if (reason === undefined)
        return !this.#setCell(cells, name!, fieldsOf([{ name: name!, text: text! }]), 0);
      this.#extras?.noteUnsayable(name ?? "", reason);
      return true;
    });
    const isText = extras.every(({ name, text }) => unsayableReason(name, text, counts) === undefined);
    if (extras.length > 0)
      cells[cells.length - 1] = isText
        ? `{${extras.map((f) => `${quoted(f.name!)}:${f.text!}`).join(",")}}`
        : rawLineOf(extras.map((f) => f.element));
    return cells;
  }

  #setCell(cells: (string | null)[], name: string, fields: Fields, i: number): boolean {
    const column = this.#columnOf(name, i);
    const cell = column === undefined ? undefined : cellOf(this.#plan.columns[column]!.rule, fields, i);
    if (cell === undefined) {
      this.#extras?.note(name, fields.kinds[i]!, fields.contents[i]!);
      return false;
    }
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

  #keyReason({ count, names, kinds }: Fields): QuarantineReason {
    const found = kinds.slice(0, count).filter((_, i) => names[i] === ID);
    return found.length === 1 ? keyRefusal(this.#plan.columns[0]!.rule, found[0]!) : "key-missing";
  }
}

function quoted(name: string): string {
  return toByteText(JSON.stringify(name));
}

/**
 * The reason why an `_id` does not fit its table's key column. The column was made for the keys of the full
 * archive, and the keys of a delta come later.
 */
export type KeyRefusal = "key-too-long" | "key-other-type" | "key-out-of-range";

/** Returns the reason why a key column has no cell for a value of this kind. */
export function keyRefusal(rule: ColumnRule, kind: Kind): KeyRefusal {
  switch (rule.kind) {
    case "keyText":
    case "nested":
    case "extra":
      return "key-too-long";
    case "string":
    case "binary":
      return kind === rule.kind ? "key-too-long" : "key-other-type";
    case "integer":
      return outOfRangeIf(kind, "int32", "int64");
    case "double":
      return outOfRangeIf(kind, "int32", "int64", "double");
    case "decimal":
      return outOfRangeIf(kind, "int32", "int64", "decimal");
    case "boolean":
    case "date":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
      return outOfRangeIf(kind, rule.kind);
  }
}

/** Returns the reason for a kind: a value of a kind that the column holds can only be out of its range. */
function outOfRangeIf(kind: Kind, ...kinds: readonly Kind[]): KeyRefusal {
  return kinds.includes(kind) ? "key-out-of-range" : "key-other-type";
}
