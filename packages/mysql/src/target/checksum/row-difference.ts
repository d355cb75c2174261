import type { ValueSize } from "@firebreak/target";
import type { Cells, RowOrigin } from "./expected-rows.ts";

/** A column whose value differs from the archive's. Cells have the form that `readCsv` returns. */
export interface ChangedColumn {
  readonly name: string;
  readonly expected: string | null;
  readonly found: string | null;
  /**
   * Present if a value is longer than 512 bytes: both cells are pieces from this byte on (0 is the first).
   */
  readonly cut?: {
    readonly from: number;
    readonly expected: ValueSize | undefined;
    readonly found: ValueSize | undefined;
  };
}

/**
 * One row that differs. Cells are byte text, as from `readCsv`. If a table has no key, the row is its key.
 */
export type RowDifference =
  | { readonly kind: "missing"; readonly key: Cells; readonly cells: Cells; readonly origin: RowOrigin }
  /** `count` is the number of surplus rows with that key. The archive may also have one. */
  | { readonly kind: "extra"; readonly key: Cells; readonly count: number }
  | {
      readonly kind: "changed";
      readonly key: Cells;
      /** The archive's whole row. */
      readonly cells: Cells;
      readonly columns: readonly ChangedColumn[];
      readonly origin: RowOrigin;
    };
