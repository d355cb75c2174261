import type { ArchiveFaults, TargetFacts } from "@firebreak/archive";
import type { BundleFaults } from "@firebreak/bundle";
import type { ChecksumFaults, DifferencesEvent, RepairFaults, SampleEvent } from "@firebreak/checksum";
import type { CompactFaults, CompactNote } from "@firebreak/compact";
import type { ExportFaults } from "@firebreak/export";
import type { ArchiveFacts, InspectFaults, NamespaceFacts, SurveyFacts } from "@firebreak/inspect";
import type { ApplyRepairFaults, DeltaFaults, LoadFaults, TargetNote } from "@firebreak/load";
import type { MongodbNote, ToMongodbFaults } from "@firebreak/load/to-mongodb";
import type { MongodbFaults } from "@firebreak/mongodb";
import type { DumpRemark, MongodumpFaults } from "@firebreak/mongodump";
import type { MysqlFaults, UnsetCounter } from "@firebreak/mysql";
import type { ProfileFaults } from "@firebreak/profile-wildfirechat";
import type { RestoreFaults } from "@firebreak/restore";
import type { DefinitionDifference, ObjectKind, RestoreMysqlFaults } from "@firebreak/restore-mysql";
import type { StatusFacts } from "@firebreak/status";
import type { TransformFaults, TransformNotes } from "@firebreak/transform";
import type { CliFaults } from "../cli-faults.ts";
import type { MongodbSourceNotes, RestoreNotes } from "./mongodb-notes.ts";
import type { ExtraTexts, NotCarriedTexts } from "./account-texts.ts";
import type { AlikeWords, ProgressTexts } from "./screen-texts.ts";

/** All faults that a person can meet, with their fields. */
export type Faults = ArchiveFaults &
  MongodbFaults &
  MongodumpFaults &
  MysqlFaults &
  ExportFaults &
  LoadFaults &
  ApplyRepairFaults &
  DeltaFaults &
  ToMongodbFaults &
  ChecksumFaults &
  RepairFaults &
  BundleFaults &
  CompactFaults &
  InspectFaults &
  RestoreFaults &
  RestoreMysqlFaults &
  TransformFaults &
  ProfileFaults &
  CliFaults;

/** A message for people: the problem and the remedy, each of one or more sentences. */
export interface Message {
  readonly problem: string;
  readonly remedy: string;
}

/** Makes a message. A quoted reason may end in a full stop of its own, so double ones become one. */
export function message(problem: string, remedy: string): Message {
  return { problem: problem.replaceAll(/(?<=[^.][.?])\.(?=\s|$)/g, ""), remedy };
}

/** The notes that a running step yields besides its progress, with their fields. */
export type Notes = {
  "empty-last-lines": { files: readonly string[] };
  resumed: { archive: string };
  "dump-changed": { dump: string };
  "source-waiting": { place: string; minutes: number };
  "source-back": { place: string };
  "source-moved": { namespace: string; read: number; counted: number };
  "export-not-one-moment": { place: string; why: string };
  "dropped-before-moment": { place: string; namespaces: readonly string[] };
  "collection-vanished": { namespace: string; documents: number };
  "delta-begun-again": { archive: string };
  "delta-empty": { previous: string };
  "delta-by-comparison": { previous: string; reason: "asked" | "mysql" };
  "delta-not-one-moment": { server: string };
  "delta-without-stream": { server: string; isSet: boolean };
  "load-resumed": { parts: number };
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
  "quarantine-missing": { table: string; part: string; count: number; file: string };
  "rows-quarantined": { count: number; folder: string };
  "table-missing": { table: string };
  "columns-missing": { table: string; columns: readonly string[] };
  "collection-missing": { namespace: string };
  sampled: { rows: number; total: number };
  "differences-vanished": { table: string };
  "differences-written": { file: string; lines: number };
  "not-compared": { target: "mysql" | "mongodb" };
  "target-facts-written": {
    file: string;
    bytes: number;
    server: string;
    database: string;
    tables: number;
    filled: number;
    flywayVersion: string | undefined;
    /** True if the tables include those of the application. */
    hasApplication: boolean;
    privateTargets: { readonly plain: number; readonly pair: number };
    evidence: TargetFacts["evidence"];
    newestMid: string | undefined;
  };
  "lines-found": { namespace: string; found: number; lines: number };
} & MongodbSourceNotes &
  RestoreNotes &
  RestoreMysqlNotes &
  PreflightNotes &
  TransformNotes &
  MysqlSourceNotes &
  ToMongodbNotes &
  BundleNotes &
  RepairNotes &
  CompactNotes &
  DeltaLoadNotes &
  DeltaChecksumNotes & { [R in DumpRemark as R["code"]]: R["fields"] };

export type CompactNotes = { [N in CompactNote as N["code"]]: N["fields"] };

export type PreflightNotes = { [N in TargetNote as N["code"]]: N["fields"] } & {
  "load-counter": UnsetCounter & { table: string };
};

export type MysqlSourceNotes = {
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
};

export type ToMongodbNotes = { [N in MongodbNote as N["code"]]: N["fields"] } & {
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
  "documents-quarantine-missing": { namespace: string; part: string; count: number; file: string };
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
};

export interface RestoreMysqlNotes {
  "mysql-restore-resumed": Readonly<Record<string, never>>;
  "rows-unequal": { tables: readonly string[]; waiting: readonly string[] };
  "collation-mapped": { from: string; to: string; places: readonly string[] };
  "definer-changed": { kind: ObjectKind; name: string; definer: string };
  "statement-refused": { kind: ObjectKind; name: string; reason: string };
  "statement-names-database": { kind: ObjectKind; name: string; source: string };
  "statement-differs": DefinitionDifference;
}

export interface RepairNotes {
  "repair-written": { folder: string; tables: number; missing: number; extra: number; changed: number };
  "repair-nothing": { lacking: readonly string[] };
  "repair-done-before": { tables: number };
  "repair-resumed": { tables: number };
  "table-repaired": { table: string; deleted: number; inserted: number };
}

export interface DeltaLoadNotes {
  "delta-in-before": { number: number };
  "delta-resumed": { number: number; tables: number };
  "delta-in-target": { number: number; isWhole: boolean };
  "table-altered": { statement: string };
  "table-to-alter": { statement: string };
}

export interface DeltaChecksumNotes {
  "other-link-in": { database: string; number: number; newest: number };
  "table-undropped": { table: string };
  "chain-rows-unknown": { table: string; isMissing: boolean; place: string };
}

export interface BundleNotes {
  "bundle-plan": BundleFigures & { out: string };
  "bundle-resumed": { sealed: number; volumes: number };
  "bundle-packed": BundleFigures & { out: string };
  "extract-plan": { archive: string; volumes: readonly string[]; missing: readonly string[] };
  "extract-resumed": { done: number; volumes: number };
  "bundle-extracted": BundleFigures & { archive: string };
}

interface BundleFigures {
  readonly files: number;
  readonly bytes: number;
  readonly volumes: number;
}

export type FaultTexts<F> = { readonly [C in keyof F]: (fields: F[C]) => Message };
export type NoteTexts<N> = { readonly [C in keyof N]: (fields: N[C]) => string };

/** The texts of `inspect`, each of one or more lines. */
export interface InspectTexts {
  readonly archive: (facts: ArchiveFacts) => string;
  readonly namespace: (facts: NamespaceFacts) => string;
  readonly survey: (facts: SurveyFacts) => string;
}

/** The questions that a step asks the person before it goes on. */
export interface Questions {
  drop: { namespaces: readonly string[] };
}

/** All text for people, in one language. A code without a text does not compile. */
export interface Catalogue {
  readonly faults: FaultTexts<Faults>;
  readonly notes: NoteTexts<Notes>;
  readonly questions: { readonly [Q in keyof Questions]: (fields: Questions[Q]) => string };
  readonly stages: Readonly<Record<string, string>>;
  readonly progress: ProgressTexts;
  readonly inspect: InspectTexts;
  readonly status: (facts: StatusFacts) => string;
  readonly unexpected: Message;
  readonly interrupted: string;
  /** The promise that the command goes on, exactly as it occurs in advice to run the command again. */
  readonly goesOn: string;
  readonly done: (command: string, seconds: string, isDryRun: boolean) => string;
  readonly quarantined: (count: number) => string;
  readonly extra: ExtraTexts;
  readonly notCarried: NotCarriedTexts;
  readonly differences: (found: DifferencesEvent) => string;
  readonly sample: (row: SampleEvent) => string;
  readonly alike: AlikeWords;
}
