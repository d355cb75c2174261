import type { LeftOut } from "@firebreak/archive";

/** The notes of an export from a MongoDB server or a dump, with their fields. */
export type MongodbSourceNotes = {
  "left-out": LeftOut & { place: string };
  "oplog-applied": { path: string; entryCount: number; until: string | undefined };
  "oplog-skipped": { path: string };
  "dump-ids-repeated": {
    place: string;
    namespace: string;
    count: number;
    keyCount: number;
    ids: readonly string[];
  };
  "url-names-admin": { server: string };
};

/** The notes of a restore into MongoDB, with their fields. */
export type RestoreNotes = {
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
  "definition-differs": {
    namespace: string;
    what: "missing" | "kind" | "options" | "index";
    expected: string;
    found: string;
  };
};
