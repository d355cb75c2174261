import type { StepEvent } from "@firebreak/archive";
import type { DefinitionDifference } from "@firebreak/mongodb";
import type { UnsetCounter } from "@firebreak/mysql";
import type { TargetNote } from "./preflight/findings.ts";
import type { MongodbNote } from "./to-mongodb/findings.ts";

/** The notes of a load into MySQL, with their fields. */
interface ToMysqlNotes {
  "load-resumed": { parts: number };
  "load-counter": UnsetCounter & { table: string };
  "rows-refused": {
    table: string;
    part: string;
    count: number;
    rows: readonly {
      readonly row: number;
      readonly errno: number;
      readonly message: string;
      readonly columns: readonly string[];
    }[];
  };
  "rows-quarantined": { count: number; folder: string };
}

/** The notes of a load into MongoDB, with their fields. */
interface LoadDocumentsNotes {
  "restore-expiry": { namespaces: readonly string[] };
  "definition-differs": DefinitionDifference;
  "documents-not-taken": {
    namespace: string;
    part: string;
    count: number;
    documents: readonly {
      readonly line: number;
      readonly errno: number;
      readonly message: string;
      readonly fields: readonly string[];
    }[];
  };
  "documents-quarantined": { count: number; folder: string };
  "documents-expired": { namespace: string; count: number };
  "chain-documents-differ": { namespace: string; expected: number; found: number };
  "loaded-documents-differ": {
    namespace: string;
    expected: number;
    found: number;
    missing: readonly string[];
    extra: readonly string[];
    changed: readonly string[];
  };
}

interface DeltaNotes {
  "delta-in-before": { number: number };
  "delta-resumed": { number: number; tables: number };
  "delta-in-target": { number: number; isWhole: boolean };
  "table-altered": { statement: string };
  "table-to-alter": { statement: string };
}

interface RepairNotes {
  "repair-done-before": { tables: number };
  "repair-resumed": { tables: number };
  "table-repaired": { table: string; deleted: number; inserted: number };
}

/** All notes of a load, with their fields. */
export type LoadNotes = ToMysqlNotes &
  LoadDocumentsNotes &
  DeltaNotes &
  RepairNotes & { [N in TargetNote | MongodbNote as N["code"]]: N["fields"] };

export type LoadEvent = StepEvent<LoadNotes>;
