import type { ArchiveFaults, ArchiveReasons, DatabaseKind, IdleGlob } from "@firebreak/archive";
import type { BundleFaults, BundleNotes } from "@firebreak/bundle";
import type { ChecksumNotes } from "@firebreak/checksum";
import type { CompactFaults, CompactNotes } from "@firebreak/compact";
import type { ExportFaults, ExportNotes, ExportReasons } from "@firebreak/export";
import type { InspectFaults, InspectNotes } from "@firebreak/inspect";
import type { LoadNotes } from "@firebreak/load";
import type {
  ChecksumFaults,
  DeltaFaults,
  LoadFaults,
  MysqlChecksumNotes,
  RepairFaults,
  ToMysqlNotes,
} from "@firebreak/mysql/target";
import type { MongodbChecksumNotes, ToMongodbFaults, ToMongodbNotes } from "@firebreak/mongodb/target";
import type { MongodbFaults, MongodbReasons } from "@firebreak/mongodb";
import type { MongodumpFaults, MongodumpReasons } from "@firebreak/mongodump";
import type { MysqlFaults, MysqlReasons } from "@firebreak/mysql";
import type { PlanFaults, PlanNotes } from "@firebreak/plan";
import type { QueryTestFaults, QueryTestNotes, QueryTestReasons } from "@firebreak/query-test";
import type { RestoreFaults, RestoreNotes } from "@firebreak/restore";
import type { RestoreMysqlFaults, RestoreMysqlNotes } from "@firebreak/restore-mysql";
import type { TargetFaults } from "@firebreak/target";
import type { TransformFaults, TransformNotes } from "@firebreak/transform";
import type { VerifyReasons } from "@firebreak/verify";
import type { CliFaults, CliReasons } from "../cli-faults.ts";

/** The languages that Firebreak speaks. */
export const LANGUAGE_CODES = ["en"] as const;
export type LanguageCode = (typeof LANGUAGE_CODES)[number];

/** All faults that a person can meet, with their fields. */
export type Faults = ArchiveFaults &
  MongodbFaults &
  MongodumpFaults &
  MysqlFaults &
  ExportFaults &
  LoadFaults &
  TargetFaults &
  DeltaFaults &
  ToMongodbFaults &
  ChecksumFaults &
  RepairFaults &
  BundleFaults &
  CompactFaults &
  InspectFaults &
  PlanFaults &
  QueryTestFaults &
  RestoreFaults &
  RestoreMysqlFaults &
  TransformFaults &
  CliFaults;

/** All reasons in our own codes that a fault may have, with their fields. */
export type Reasons = ArchiveReasons &
  CliReasons &
  ExportReasons &
  MongodbReasons &
  MongodumpReasons &
  MysqlReasons &
  QueryTestReasons &
  VerifyReasons;

/** The notes of the cli itself, with their fields. */
interface CliNotes {
  "empty-last-lines": { files: readonly string[] };
  "not-compared": { target: DatabaseKind };
  /** Patterns of --include that match nothing at the source. */
  "globs-idle": { globs: readonly IdleGlob[] };
  /** `secrets`: files with a URL that has a password. */
  "settings-written": { file: string; secrets: readonly string[] };
}

/** All notes that a running step yields besides its progress, with their fields. */
export type Notes = BundleNotes &
  ChecksumNotes &
  CliNotes &
  CompactNotes &
  ExportNotes &
  InspectNotes &
  LoadNotes &
  MongodbChecksumNotes &
  MysqlChecksumNotes &
  ToMongodbNotes &
  ToMysqlNotes &
  PlanNotes &
  QueryTestNotes &
  RestoreMysqlNotes &
  RestoreNotes &
  TransformNotes;

/** The questions that a step asks the person before it goes on. */
export interface Questions {
  drop: { namespaces: readonly string[] };
}

/** The words that a command asks the person for. */
export interface Prompts {
  password: { kind: DatabaseKind; user: string; server: string };
  /** The first choice is the default. */
  "init-source": { choices: readonly string[] };
  "init-dump": object;
  "init-target": { choices: readonly string[] };
  "init-url": { kind: DatabaseKind; role: "source" | "target" };
  "init-password": object;
  "init-keep": { file: string };
  "init-archive": { fallback: string };
  "init-include": object;
  "init-recipient": object;
}
