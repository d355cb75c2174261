import { LineFields, RAW_LINE_START } from "@firebreak/archive";
import { RowMapper } from "../../tables/row-mapper.ts";
import type { TablePlan } from "../../tables/table-plan.ts";

/** The cells of a row as byte text. */
type Cells = readonly (string | null)[];

/**
 * Moves values of earlier rows from `_extra` into columns that are now wide enough for them, so that the rows
 * look as if they were made with these columns.
 */
export class RowRefit {
  readonly #mapper: RowMapper;
  readonly #fields = new LineFields();
  readonly #widened: readonly number[];

  /** @param widened the names of the columns that are wider than when the rows were made. */
  constructor(plan: TablePlan, widened: ReadonlySet<string>) {
    this.#mapper = new RowMapper(plan);
    this.#widened = plan.columns.flatMap(({ name }, i) => (widened.has(name) ? [i] : []));
  }

  /** Returns the row in its new form, or undefined if it is unchanged. */
  refit(cells: Cells): (string | null)[] | undefined {
    const extra = cells.at(-1);
    if (typeof extra !== "string") return undefined;
    const isRaw = extra.startsWith(RAW_LINE_START);
    if (!isRaw) this.#fields.read(extra, 0, extra.length);
    // A value in `_extra` leaves its column NULL, so a value mapped now was in no column before.
    const mapped = this.#mapper.cells({ line: extra, isRaw, fields: this.#fields });
    if (mapped === undefined || this.#widened.every((i) => mapped[i] === null)) return undefined;
    return cells.map((cell, i) => (i === cells.length - 1 ? mapped[i]! : (cell ?? mapped[i]!)));
  }
}
