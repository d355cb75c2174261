export { checksumFault, type ChecksumFaults } from "./checksum-faults.ts";
export type { ChecksumNotes } from "./checksum-notes.ts";
export type { AgainstMongodbOptions, ChecksumOptions } from "./checksum-options.ts";
export { checksumArchive, type ChecksumEvent } from "./checksum.ts";
export { checksumAgainstMongodb } from "./documents/against-mongodb.ts";
export { repairFault, type RepairFaults } from "./repair/repair-faults.ts";
export type { DifferencesEvent } from "./report/differences-tally.ts";
export type {
  ReportedColumn,
  ReportedDifference,
  ReportedPiece,
  ReportedValue,
} from "./report/reported-difference.ts";
export type { ReportedSource } from "./report/reported-source.ts";
export type { ChangedColumn, RowDifference, ValueSize } from "./rows/row-difference.ts";
export { rowDifferences } from "./rows/row-differences.ts";
export { sampleRows, type SampledColumn, type SampleEvent, type SampleOptions } from "./rows/sample.ts";
export type { SourceDocument } from "./rows/source-documents.ts";
