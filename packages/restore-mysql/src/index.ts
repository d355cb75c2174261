export { beginRestore, type BeginRestoreOptions } from "./begin-restore.ts";
export type { DefinitionDifference } from "./definition-differences.ts";
export { finishRestore, type FinishRestoreOptions, type RestoredDefinition } from "./finish-restore.ts";
export { giveUpRestore } from "./give-up-restore.ts";
export {
  type MysqlRestoreFinding,
  type ObjectKind,
  restoreMysqlFault,
  type RestoreMysqlFaults,
} from "./restore-mysql-faults.ts";
export type { RestoreMysqlEvent, RestoreMysqlNotes } from "./restore-mysql-notes.ts";
export { serverUrl } from "./restore-plan.ts";
