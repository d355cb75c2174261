export { checksumArchive, sampleRows, type ChecksumNotes } from "./checksum.ts";
export type { DifferencesEvent } from "./differences-tally.ts";
