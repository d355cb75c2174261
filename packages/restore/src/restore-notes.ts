import type { StepEvent } from "@firebreak/archive";
import type { DefinitionDifference } from "@firebreak/mongodb";

/** The notes of a restore into MongoDB, with their fields. */
export interface RestoreNotes {
  "restore-would-drop": { namespaces: readonly string[] };
  "restore-resumed": { parts: number };
  "restore-started-again": { namespace: string };
  "documents-repeated": {
    namespace: string;
    count: number;
    ids: readonly string[];
    isMore: boolean;
    folder: string;
  };
  "stored-otherwise": { namespace: string; moved: number; made: number };
  "restore-expiry": { namespaces: readonly string[] };
  "documents-differ": {
    namespace: string;
    expected: number;
    found: number;
    missing: readonly string[];
    extra: readonly string[];
    changed: readonly string[];
  };
  "definition-differs": DefinitionDifference;
}

export type RestoreEvent = StepEvent<RestoreNotes>;
