export { beginRestore, type BeginRestoreOptions, type TableSelection } from "./begin-restore.ts";
export type { DefinitionDifference } from "./definition-differences.ts";
export { finishRestore, type FinishRestoreOptions, type RestoredDefinition } from "./finish-restore.ts";
export {
  restoreMysqlFault,
  type MysqlRestoreFinding,
  type ObjectKind,
  type RestoreMysqlFaults,
} from "./restore-mysql-faults.ts";
