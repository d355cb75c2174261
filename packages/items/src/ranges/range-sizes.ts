import { deserialize, serialize } from "bson";

/** The approximate bytes of text for one byte of BSON. Only the size of parts depends on it. */
const TEXT_PER_BSON = 1.6;

/** The number of documents tried as a border. If none will do, the range stays longer. */
export const MAX_BORDER_TRIES = 100;

/** Rows sampled for their size: at least SAMPLE_ROWS, and up to MOST_SAMPLE_ROWS within SAMPLE_BYTES. */
export const SAMPLE_ROWS = 4;
export const MOST_SAMPLE_ROWS = 256;
const SAMPLE_BYTES = 4 * 1024 * 1024;

/** The share of a part that a range should fill: it must fit even if its rows are larger than the sample. */
const FILLING = 0.9;

/** Returns the number of documents in a range. */
export function documentsOfRange(partBytes: number, averageBytes: number): number {
  return Math.max(1, Math.floor(partBytes / (averageBytes * TEXT_PER_BSON)));
}

/** Returns the number of rows to sample, by the average line of the first SAMPLE_ROWS. */
export function sampleRows(averageBytes: number): number {
  return Math.max(SAMPLE_ROWS, Math.min(MOST_SAMPLE_ROWS, Math.floor(SAMPLE_BYTES / averageBytes)));
}

/** Returns the number of rows in a range, by the average line of the sample. */
export function rowsOfRange(partBytes: number, averageBytes: number): number {
  return Math.max(1, Math.floor((partBytes * FILLING) / averageBytes));
}

/**
 * True if a bound, `{_id: …}` in BSON, stays the same when the driver turns it into an object. The driver
 * takes bounds as objects only; a few `_id`s change (`{b: 1, "1": 2}`) or fail (invalid UTF-8), so they cannot
 * be borders.
 */
export function canBeBorder(bound: Buffer): boolean {
  try {
    return Buffer.from(serialize(deserialize(bound, { promoteValues: false, bsonRegExp: true }))).equals(
      bound,
    );
  } catch {
    return false;
  }
}
