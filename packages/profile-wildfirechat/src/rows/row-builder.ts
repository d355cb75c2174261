import { fitColumn } from "../target/column-fit.ts";
import type { FieldValue } from "../documents/field-value.ts";
import {
  quarantined,
  type Quarantined,
  type QuarantineReason,
  type Remark,
  type RowOutcome,
} from "../outcome.ts";
import type { RowPlan } from "./row-plan.ts";

/** Columns that rules compute with. They refuse a Boolean, which a flag or a site's own column may take. */
const COUNTED = new Set(["_type", "_line", "_seq", "_content_type", "_cont_type"]);

/** A field that no rule knows by name. */
export interface OtherField {
  readonly name: string;
  readonly value: FieldValue;
}

/** Collects one row, and the first reason why the document cannot become one. */
export class RowBuilder {
  readonly remarks: Remark[] = [];
  readonly #plan: RowPlan;
  readonly #row: FieldValue[];
  #refusal: Quarantined | undefined;

  constructor(plan: RowPlan) {
    this.#plan = plan;
    this.#row = plan.columns.map(({ fallback }) => fallback);
  }

  has(column: string): boolean {
    return this.#plan.places.has(column);
  }

  refuse(reason: QuarantineReason, field: string): void {
    this.#refusal ??= quarantined(reason, field);
  }

  /** Sets a column that every target has. An undefined value is a missing field. */
  set(column: string, value: FieldValue | undefined, field: string): void {
    const place = this.#plan.places.get(column)!;
    if (value === undefined) return this.refuse("field-missing", field);
    if (typeof value === "boolean" && COUNTED.has(column)) return this.refuse("type-wrong", field);
    const fitted = fitColumn(this.#plan.columns[place]!.facts, value);
    if (fitted.misfit !== undefined) return this.refuse(fitted.misfit, field);
    this.#row[place] = fitted.value;
    const isInteger = typeof fitted.value === "bigint";
    if (isInteger && typeof value !== "bigint") this.remarks.push("number-type-changed");
  }

  /**
   * Sets a column that old targets lack. In such a target a value that can be derived without the column is
   * left out with a remark, and any other value is refused.
   */
  setLate(column: string, value: FieldValue, field: string, isFoundAgain: boolean): void {
    if (this.has(column)) this.set(column, value, field);
    else if (isFoundAgain) this.remarks.push("column-lacking");
    else this.refuse("column-missing", field);
  }

  /** Sets the site's own fields in columns of the same name. */
  setOthers(fields: readonly OtherField[], ignored: readonly string[], taken: object): void {
    for (const { name, value } of fields) {
      if (this.has(name) && !Object.hasOwn(taken, name)) this.set(name, value, name);
      else if (ignored.includes(name)) this.remarks.push("field-ignored");
      else this.refuse("field-without-column", name);
    }
  }

  finish(shard: number, from: number): RowOutcome {
    if (this.#refusal !== undefined) return this.#refusal;
    return { kind: shard === from ? "row" : "moved", shard, row: this.#row, remarks: this.remarks };
  }
}
