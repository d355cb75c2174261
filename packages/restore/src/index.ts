export { restoreToDump, type DumpOptions } from "./restore-to-dump.ts";
export { restoreArchive } from "./restore.ts";
export { type RestoreOptions } from "./restore-options.ts";
export { restoreFault, type RestoreFaults, type RestoreFinding } from "./restore-faults.ts";
export type { RestoreNotes } from "./restore-notes.ts";
