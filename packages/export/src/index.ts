export { exportArchive, type ExportOptions, type SourceOptions } from "./export.ts";
export { exportDelta, type DeltaOptions } from "./delta/export-delta.ts";
export { exportFault, type ExportFaults } from "./export-faults.ts";
export type { ExportSettings } from "./export-progress.ts";
export type { ExportEvent, ExportNotes } from "./export-notes.ts";
