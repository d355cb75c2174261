export { applyRepair } from "./apply-repair.ts";
export { loadArchive, type LoadNotes } from "./load.ts";
