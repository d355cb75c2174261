import type { PartEntry, MysqlManifest, SourceManifest } from "@firebreak/archive";

/** The rows (from 1) that the target refused at load, by the name of their part. */
export type SetAside = ReadonlyMap<string, ReadonlySet<number>>;

/** Cells as byte text, in the form that `readCsv` returns. */
export type Cells = readonly (string | null)[];

/** The position of a row in the archive. Rows are counted from 1. */
export interface RowOrigin {
  /** In a delta's chain: the link that has the row. */
  readonly link?: TransformedLink;
  readonly part: PartEntry;
  readonly row: number;
}

export interface ExpectedRow {
  readonly cells: Cells;
  readonly origin: RowOrigin;
}

/** The manifests of an archive and of its transform. */
export interface Manifests {
  readonly source: SourceManifest;
  readonly mysql: MysqlManifest;
}

/** A link of a chain, and its transform. */
export interface TransformedLink {
  readonly archive: string;
  /** The number of the link; the full archive has 0. */
  readonly number: number;
  /** The folder that transform wrote. */
  readonly folder: string;
  readonly manifests: Manifests;
}
