/** The document that a row was made of. */
export interface ReportedSource {
  readonly namespace: string;
  readonly part: string;
  /** The line, counted from 1. */
  readonly line: number;
  /** In a delta's chain: the archive that has the document. */
  readonly archive?: string;
}
