import type { NotCarried } from "@firebreak/archive";

/** The lines of an account about values in `_extra`. */
export interface ExtraTexts {
  readonly column: (found: StrayColumn) => string;
  readonly more: (columnCount: number) => string;
}

/** The lines of an account about objects that are not carried over. */
export interface NotCarriedTexts {
  readonly title: string;
  /** Returns the line for objects of one kind and reason in a namespace or database. */
  readonly line: (place: string, things: readonly NotCarried[]) => string;
  readonly more: (lineCount: number) => string;
}

/** A column with some of its values in `_extra`, or `_extra` itself for fields without a column. */
export interface StrayColumn {
  readonly table: string;
  readonly column: string;
  readonly values: number;
  /** The reasons, that of the most values first. */
  readonly reasons: readonly { readonly reason: string; readonly values: number }[];
}
