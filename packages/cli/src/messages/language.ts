import type { ArchiveFaults, Stage } from "@firebreak/archive";
import type { BundleFaults, BundleNotes } from "@firebreak/bundle";
import type {
  ChecksumFaults,
  ChecksumNotes,
  DifferencesEvent,
  RepairFaults,
  SampleEvent,
} from "@firebreak/checksum";
import type { CompactFaults, CompactNotes } from "@firebreak/compact";
import type { ExportFaults, ExportNotes } from "@firebreak/export";
import type {
  ArchiveFacts,
  InspectFaults,
  InspectNotes,
  NamespaceFacts,
  SurveyFacts,
} from "@firebreak/inspect";
import type { ApplyRepairFaults, DeltaFaults, LoadFaults, LoadNotes } from "@firebreak/load";
import type { ToMongodbFaults } from "@firebreak/load/to-mongodb";
import type { MongodbFaults } from "@firebreak/mongodb";
import type { MongodumpFaults } from "@firebreak/mongodump";
import type { MysqlFaults } from "@firebreak/mysql";
import type { ProfileFaults } from "@firebreak/profile-wildfirechat";
import type { RestoreFaults, RestoreNotes } from "@firebreak/restore";
import type { RestoreMysqlFaults, RestoreMysqlNotes } from "@firebreak/restore-mysql";
import type { StatusFacts } from "@firebreak/status";
import type { TransformFaults, TransformNotes } from "@firebreak/transform";
import type { CliFaults } from "../cli-faults.ts";
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

/** The notes of the cli itself, with their fields. */
interface CliNotes {
  "empty-last-lines": { files: readonly string[] };
  "not-compared": { target: "mysql" | "mongodb" };
}

/** All notes that a running step yields besides its progress, with their fields. */
export type Notes = BundleNotes &
  ChecksumNotes &
  CliNotes &
  CompactNotes &
  ExportNotes &
  InspectNotes &
  LoadNotes &
  RestoreMysqlNotes &
  RestoreNotes &
  TransformNotes;

export type FaultTexts<F> = { readonly [C in keyof F]: (fields: F[C]) => Message };
export type NoteTexts<N> = { readonly [C in keyof N]: (fields: Readonly<N[C]>) => string };
/** A section of the notes' texts. */
export type SomeNotes = Partial<NoteTexts<Notes>>;

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
export interface Language {
  readonly faults: FaultTexts<Faults>;
  readonly notes: NoteTexts<Notes>;
  readonly questions: { readonly [Q in keyof Questions]: (fields: Questions[Q]) => string };
  readonly stages: Readonly<Record<Stage, string>>;
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
