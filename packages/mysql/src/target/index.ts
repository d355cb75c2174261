export type { ChecksumFaults } from "./checksum/checksum-faults.ts";
export type { NoGrounds } from "../binlog/log-place.ts";
export type { NoProof } from "./checksum/since-last/no-proof.ts";
export type { MysqlChecksumNotes } from "./checksum/checksum-notes.ts";
export { mysqlChecksumTarget } from "./checksum/mysql-checksum-target.ts";
export {
  deltaFault,
  type DeltaFaults,
  type DeltaFinding,
  type Finding,
  loadFault,
  type LoadFaults,
  type LoadFinding,
} from "./load-faults.ts";
export type { ToMysqlEvent, ToMysqlNotes } from "./mysql-load-notes.ts";
export { mysqlLoadTarget } from "./mysql-load-target.ts";
export { type MysqlLoadOptions } from "./mysql-load.ts";
export { mysqlStatusTarget } from "./mysql-status-target.ts";
export { assertLoadable } from "./preflight/assert-loadable.ts";
export { serverDisk, usualSpace } from "./preflight/disk.ts";
export { preflight } from "./preflight/preflight.ts";
export type { ColumnProblem, GivenProblem, TargetFinding, TargetNote } from "./preflight/findings.ts";
export { repairFault, type RepairFaults, type RepairFinding } from "./repair/repair-faults.ts";
export { repairTables, type RepairOptions } from "./repair/repair-tables.ts";
export type { UnsetCounter } from "./tables/auto-increment.ts";
