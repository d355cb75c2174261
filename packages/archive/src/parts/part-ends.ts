import { FixedRecords } from "./fixed-records.ts";
import { LineEnds } from "./line-ends.ts";

/** The name of a part of CSV, in clear or encrypted. */
const CSV_FILE = /\.csv\.zst(?:\.age)?$/;

/** Returns the counter of the lines of a part, or of the records of a binary one, by their ends. */
export function partEnds(file: string, recordBytes: number | undefined): LineEnds | FixedRecords {
  return recordBytes === undefined ? new LineEnds(CSV_FILE.test(file)) : new FixedRecords(recordBytes);
}
