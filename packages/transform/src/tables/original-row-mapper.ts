import { cellOfLine, jsonDecimals, membersOf, sqlFamily } from "@firebreak/mysql-format";
import { fieldsOf, type Fields, type ReadLine, type SourceColumn } from "@firebreak/archive";
import type { OriginalTablePlan } from "./original-table-plan.ts";
import { rowFields } from "./row-fields.ts";
import type { MappedLine, QuarantineReason } from "./row-mapper.ts";

/**
 * Maps lines of a MySQL table, or documents that were its rows, back to its rows. Everything is byte text.
 */
export class OriginalRowMapper {
  /** True after a date that no calendar has. */
  hasOddDates = false;
  /** True after a JSON document that contains a DECIMAL. */
  hasJsonDecimals = false;
  /** True after an ENUM with its error value 0. */
  hasEnumZeros = false;
  readonly #plan: OriginalTablePlan;
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #isDate: readonly boolean[];
  readonly #isJson: readonly boolean[];
  /** The cell of each ENUM's error value, which no strict session writes. Undefined if there is none. */
  readonly #zeros: readonly (string | undefined)[];

  constructor(plan: OriginalTablePlan) {
    this.#plan = plan;
    this.#indexes = new Map(plan.sourceColumns.map((c, i) => [c.name, i]));
    this.#isJson = plan.sourceColumns.map((c) => c.dataType === "json");
    this.#zeros = plan.sourceColumns.map(zeroCell);
    this.#isDate = plan.sourceColumns.map((c) => ["date", "moment"].includes(sqlFamily(c.dataType)));
  }

  map(read: Pick<ReadLine, "line" | "isRaw" | "fields">): MappedLine {
    const { documentKey } = this.#plan;
    if (documentKey === undefined) return this.#row(read.fields);
    const fields = rowFields(read, documentKey);
    return "reason" in fields ? quarantine(fields.reason, fields.field) : this.#row(fieldsOf(fields));
  }

  #row(fields: Fields): MappedLine {
    const { sourceColumns } = this.#plan;
    const cells = new Array<string | null | undefined>(sourceColumns.length).fill(undefined);
    let valueCount = 0;
    for (let i = 0; i < fields.count; i++) {
      const name = fields.names[i]!;
      // Lines have their fields in the table's order, unless another program made them.
      const column = sourceColumns[i]?.name === name ? i : this.#indexes.get(name);
      if (column === undefined) return quarantine("field-unknown", name);
      const cell = cellOfLine(sourceColumns[column]!, fields, i);
      if (cell === undefined || cells[column] !== undefined) return quarantine("value-foreign", name);
      if (this.#isDate[column] && cell !== null && isOddDate(fields, i)) this.hasOddDates = true;
      if (cell !== null && cell === this.#zeros[column]) this.hasEnumZeros = true;
      if (this.#isJson[column] && !this.hasJsonDecimals && cell !== null)
        this.hasJsonDecimals = jsonDecimals(cell).length > 0;
      cells[column] = cell;
      valueCount++;
    }
    // None is undefined any more.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    if (valueCount === cells.length) return { kind: "row", cells: cells as (string | null)[] };
    return quarantine("field-missing", sourceColumns[cells.indexOf(undefined)]!.name);
  }
}

function quarantine(reason: QuarantineReason, field: string): MappedLine {
  return { kind: "quarantine", reason, field };
}

function zeroCell({ dataType, sqlType, isNumbered }: SourceColumn): string | undefined {
  if (dataType !== "enum") return undefined;
  if (isNumbered === true) return "0";
  // Archives of earlier versions have texts. If '' is a member, the text stands for that member.
  return membersOf(sqlType).includes("") ? undefined : "";
}

/** True if NO_ZERO_DATE or a similar mode of the session would refuse the date. */
function isOddDate(fields: Fields, i: number): boolean {
  if (fields.kinds[i] !== "string") return false;
  const day = fields.contents[i]!.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) || day.startsWith("0000") || new Date(time).toISOString().slice(0, 10) !== day;
}
