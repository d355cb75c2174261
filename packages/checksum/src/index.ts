export { checksumArchive, type ChecksumEvent } from "./checksum.ts";
export { type ChecksumOptions } from "./checksum-options.ts";
export { checksumAgainstMongodb } from "./against-mongodb.ts";
export { type AgainstMongodbOptions } from "./checksum-options.ts";
export { checksumFault, type ChecksumFaults } from "./checksum-faults.ts";
export type { ChangedColumn, ValueSize } from "./row-difference.ts";
export type { DifferencesEvent } from "./differences-tally.ts";
export type {
  ReportedColumn,
  ReportedDifference,
  ReportedPiece,
  ReportedValue,
} from "./reported-difference.ts";
export type { ReportedSource } from "./reported-source.ts";
export { rowDifferences } from "./row-differences.ts";
export { type RowDifference } from "./row-difference.ts";
export { repairFault, type RepairFaults } from "./repair-faults.ts";
export { sampleRows, type SampledColumn, type SampleEvent, type SampleOptions } from "./sample.ts";
export type { SourceDocument } from "./source-documents.ts";
export type { ChecksumNotes } from "./checksum-notes.ts";
