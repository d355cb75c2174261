import { LineFields, RAW_LINE_START } from "@firebreak/archive";
import { RowMapper } from "../row-mapper.ts";
import type { TablePlan } from "../table-plan.ts";

/** Cells of a row in byte text. */
type Cells = readonly (string | null)[];

/**
 * Takes values of earlier rows out of `_extra` into columns that have become wide
 * enough for them, so that the rows are as if they were made with these columns.
 */
export class RowRefit {
  readonly #mapper: RowMapper;
  readonly #fields = new LineFields();
  readonly #widened: readonly number[];

  /** @param widened names of the columns that are wider than when the rows were made. */
  constructor(plan: TablePlan, widened: ReadonlySet<string>) {
    this.#mapper = new RowMapper(plan);
    this.#widened = plan.columns.flatMap(({ name }, i) => (widened.has(name) ? [i] : []));
  }

  /** The row as it is now; undefined where it is as it was. */
  refit(cells: Cells): (string | null)[] | undefined {
    const extra = cells.at(-1);
    if (typeof extra !== "string") return undefined;
    const isRaw = extra.startsWith(RAW_LINE_START);
    if (!isRaw) this.#fields.read(extra, 0, extra.length);
    // A value in `_extra` leaves its column NULL: what is mapped now was in no column before.
    const mapped = this.#mapper.cells({ line: extra, isRaw, fields: this.#fields });
    if (mapped === undefined || this.#widened.every((i) => mapped[i] === null)) return undefined;
    return cells.map((cell, i) => (i === cells.length - 1 ? mapped[i]! : (cell ?? mapped[i]!)));
  }
}
