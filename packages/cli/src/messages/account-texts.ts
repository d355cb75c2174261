import type { NotCarried } from "@firebreak/archive";
import type { StrayColumn } from "../screen/extra-lines.ts";

/** What accounts say of values that are in `_extra`, each a line. */
export interface ExtraTexts {
  readonly column: (found: StrayColumn) => string;
  readonly more: (columnCount: number) => string;
}

/** What accounts say of things that are not carried over. */
export interface NotCarriedTexts {
  readonly title: string;
  /** Of several of one kind and reason, in a namespace or database. */
  readonly line: (place: string, things: readonly NotCarried[]) => string;
  readonly more: (lineCount: number) => string;
}
