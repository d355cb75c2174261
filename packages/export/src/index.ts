export { exportArchive } from "./export.ts";
export { type ExportOptions, type SourceOptions } from "./export-options.ts";
export { exportDelta } from "./delta/export-delta.ts";
export { type DeltaOptions } from "./delta/delta-options.ts";
export { exportFault, type ExportFaults } from "./export-faults.ts";
export type { ExportSettings } from "./export-settings.ts";
export type { ExportEvent, ExportNotes } from "./export-notes.ts";
export type { ExportReasons } from "./export-reasons.ts";
