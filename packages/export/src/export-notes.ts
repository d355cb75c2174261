import type { LeftOut, Note as NoteOf, StepEvent } from "@firebreak/archive";
import type { DumpRemark } from "@firebreak/mongodump";
import type { NotOneMoment } from "./closing/not-one-moment.ts";

/** The notes of any export, with their fields. */
interface AnyExportNotes {
  resumed: { archive: string };
  "left-out": LeftOut & { place: string };
  "source-waiting": { place: string; minutes: number };
  "source-back": { place: string };
  "collection-vanished": { namespace: string; documents: number };
}

/** The notes of an export from a MongoDB server or a dump. */
interface MongodbSourceNotes {
  "source-moved": { namespace: string; read: number; counted: number };
  "export-not-one-moment": { place: string; why: NotOneMoment };
  "dropped-before-moment": { place: string; namespaces: readonly string[] };
  "dump-changed": { dump: string };
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
}

/** The notes of an export from MySQL. */
interface MysqlSourceNotes {
  "mysql-carried": {
    views: number;
    triggers: number;
    routines: number;
    events: number;
    sequences: number;
    libraries: number;
  };
  "snapshot-one-connection": { server: string; reason: string };
  "snapshot-without": { tables: readonly string[] };
  "snapshot-moved": { server: string; isKnown: boolean };
  "history-not-carried": { tables: readonly string[] };
  "statements-unsayable": { tables: readonly string[] };
  "json-untold": { namespace: string; column: string; count: number };
}

/** The notes of a delta's export. */
interface DeltaNotes {
  "delta-begun-again": { archive: string };
  "delta-empty": { previous: string };
  "delta-by-comparison": { previous: string; reason: "asked" | "mysql" };
  "delta-not-one-moment": { server: string };
  "delta-without-stream": { server: string; isSet: boolean };
}

/** All notes of an export, with their fields. */
export type ExportNotes = AnyExportNotes &
  MongodbSourceNotes &
  MysqlSourceNotes &
  DeltaNotes & { [R in DumpRemark as R["code"]]: R["fields"] };

export type ExportEvent = StepEvent<ExportNotes>;
export type Note<C extends keyof ExportNotes = keyof ExportNotes> = NoteOf<ExportNotes, C>;

export function note<C extends keyof ExportNotes>(code: C, fields: Readonly<ExportNotes[C]>): Note<C> {
  return { kind: "note", code, fields };
}
