export { exportArchive, type ExportOptions } from "./export.ts";
export { exportFault, type ExportFaults } from "./export-faults.ts";
export type { ExportSettings } from "./export-progress.ts";
