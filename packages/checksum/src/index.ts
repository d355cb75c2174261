export { checksumArchive, type ChecksumEvent, type ChecksumOptions } from "./checksum.ts";
export { checksumFault, type ChecksumFaults } from "./checksum-faults.ts";
export type { Difference, TableDifferences } from "./differences.ts";
