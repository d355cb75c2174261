import type { StepEvent } from "@firebreak/archive";
import type { ObjectKind } from "./restore-mysql-faults.ts";
import type { DefinitionDifference } from "./definition-differences.ts";

/** The notes of a restore into MySQL, with their fields. */
export interface RestoreMysqlNotes {
  "restore-would-drop": { namespaces: readonly string[] };
  "mysql-restore-resumed": Readonly<Record<string, never>>;
  "rows-unequal": { tables: readonly string[]; waiting: readonly string[] };
  "collation-mapped": { from: string; to: string; places: readonly string[] };
  "definer-changed": { kind: ObjectKind; name: string; definer: string };
  "statement-refused": { kind: ObjectKind; name: string; reason: string };
  "statement-names-database": { kind: ObjectKind; name: string; source: string };
  "statement-differs": DefinitionDifference;
}

export type RestoreMysqlEvent = StepEvent<RestoreMysqlNotes>;
