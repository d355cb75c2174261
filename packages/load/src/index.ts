export { applyRepair } from "./apply-repair.ts";
export { assertLoadable } from "./assert-loadable.ts";
export { deltaFault, type DeltaFaults, type DeltaFinding } from "./delta/delta-faults.ts";
export { loadArchive, type LoadOptions } from "./load.ts";
export { loadFault, type Finding, type LoadFaults, type LoadFinding } from "./load-faults.ts";
export type { ColumnProblem, GivenProblem, TargetFinding, TargetNote } from "./preflight/findings.ts";
export { applyRepairFault, type ApplyRepairFaults, type RepairFinding } from "./repair-faults.ts";
export type { LoadNotes } from "./load-notes.ts";
