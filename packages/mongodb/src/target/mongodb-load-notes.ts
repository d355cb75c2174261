import type { StepEvent } from "@firebreak/archive";
import type { DefinitionDifference } from "../definitions/compare-definitions.ts";
import type { MongodbNote } from "./preflight/findings.ts";

/** The notes of documents and collections. */
interface DocumentNotes {
  "load-resumed": { parts: number };
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

/** The notes of a load into MongoDB, with their fields. */
export type ToMongodbNotes = DocumentNotes & { [N in MongodbNote as N["code"]]: N["fields"] };

export type ToMongodbEvent = StepEvent<ToMongodbNotes>;
