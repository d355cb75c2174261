/** The size and hash that stand for a long value. */
export interface ValueSize {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * A value for people and programs: text as it is, bytes as `0x` and hex, NULL as null, long ones as a piece.
 */
export type ReportedValue = string | null | ReportedPiece;

export interface ReportedPiece extends ValueSize {
  /** The offset at which the piece begins; 0 is the first byte. */
  readonly from: number;
  readonly piece: string;
}

export interface ReportedColumn {
  readonly name: string;
  /** The column's type in the archive's table, or `json` for a document's field. */
  readonly type: string;
  readonly expected: ReportedValue;
  readonly found: ReportedValue;
}

/** The document that a row was made of. */
export interface ReportedSource {
  readonly namespace: string;
  readonly part: string;
  /** The line, counted from 1. */
  readonly line: number;
  /** In a delta's chain: the archive that has the document. */
  readonly archive?: string;
}

/** A line of `differences.ndjson`: a row or document that differs. */
export interface ReportedDifference {
  readonly table: string;
  readonly kind: "missing" | "extra" | "changed";
  /** The key in the order of the table's key columns, or the whole row if the table has no key. */
  readonly key: readonly ReportedValue[];
  /** The number of surplus rows, for extra rows. */
  readonly count?: number;
  /** The columns or fields whose values differ, for a changed row or document. */
  readonly columns: readonly ReportedColumn[];
  readonly source?: ReportedSource;
}

/** The name and type of each column of a key; `json` for a document's `_id`. */
export type KeyColumns = readonly { readonly name: string; readonly type: string }[];

/** A table or collection that may differ from the archive, and its differences. */
export interface DifferingItems {
  readonly kind: "differing";
  readonly table: string;
  readonly keyColumns: KeyColumns;
  /** True if the sums differ. Then there are differences, unless somebody writes to the table meanwhile. */
  readonly isKnown: boolean;
  readonly differences: AsyncIterable<ReportedDifference>;
}

/** A document in the text of its line, with long texts cut. */
export interface SourceDocument {
  readonly fields: readonly { readonly name: string; readonly text: string }[];
  readonly line: string;
  readonly bytes: number;
}

export interface SampledColumn {
  readonly name: string;
  readonly type: string;
  readonly found: ReportedValue;
  /** True if the value equals the archive's. */
  readonly isEqual: boolean;
}

/** One row of the target beside the document that it was made of. */
export interface SampleEvent {
  readonly kind: "sample";
  readonly table: string;
  readonly key: readonly { readonly name: string; readonly type: string; readonly value: ReportedValue }[];
  /** The columns, or none if the target has no such row. */
  readonly columns: readonly SampledColumn[];
  readonly source?: ReportedSource;
  readonly document?: SourceDocument;
}
