export { checksumArchive, type ChecksumEvent, type ChecksumOptions } from "./checksum.ts";
export { checksumAgainstMongodb, type AgainstMongodbOptions } from "./against-mongodb.ts";
export { checksumFault, type ChecksumFaults } from "./checksum-faults.ts";
export type { ChangedColumn, ValueSize } from "./changed-rows.ts";
export type { DifferencesEvent } from "./differences-tally.ts";
export type {
  ReportedColumn,
  ReportedDifference,
  ReportedPiece,
  ReportedSource,
  ReportedValue,
} from "./reported-difference.ts";
export { rowDifferences, type RowDifference } from "./row-differences.ts";
export { repairFault, type RepairFaults } from "./repair-faults.ts";
export { sampleRows, type SampledColumn, type SampleEvent, type SampleOptions } from "./sample.ts";
export type { SourceDocument } from "./source-documents.ts";
export type { ChecksumNotes } from "./checksum-notes.ts";
