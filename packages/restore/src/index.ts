export { restoreToDump, type DumpOptions } from "./restore-to-dump.ts";
export { restoreArchive, type RestoreOptions } from "./restore.ts";
export { restoreFault, type RestoreFaults, type RestoreFinding } from "./restore-faults.ts";
export type { RestoreNotes } from "./restore-notes.ts";
