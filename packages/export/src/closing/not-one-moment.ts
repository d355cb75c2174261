/** The faults of a source that cannot show what changed. The documents are then of several moments. */
export const UNTOLD = [
  "change-stream-rolled",
  "change-stream-oversized",
  "change-stream-stalled",
  "mongodb-forbidden",
  "delta-source-behind",
  "delta-unseen",
  "delta-scope",
] as const;

/** The reason why an export is not of one moment. */
export type NotOneMoment = "encrypted" | "moving" | (typeof UNTOLD)[number];
