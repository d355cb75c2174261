import type { Reason, Stage, NotCarried, TotalIs } from "@firebreak/archive";
import type { DifferencesEvent } from "@firebreak/checksum";
import type { ArchiveFacts, NamespaceFacts, SurveyFacts } from "@firebreak/inspect";
import type { Message, Phrases, ProfileTexts } from "@firebreak/profile";
import type { PlanFound } from "@firebreak/plan";
import type { QueryResult } from "@firebreak/query-test";
import type { StatusFacts } from "@firebreak/status";
import type { SampleEvent } from "@firebreak/target";
import type { FileTexts } from "../command.ts";
import type { Faults, Notes, Prompts, Questions } from "./codes.ts";
import type { HelpTexts } from "./help-texts.ts";

/** The pieces of a progress line. */
export interface ProgressTexts {
  readonly items: (items: number) => string;
  readonly total: (items: number, is: TotalIs) => string;
  readonly speed: (itemsPerSecond: number) => string;
  readonly bytes: (bytesPerSecond: number) => string;
  readonly left: (seconds: number) => string;
  /** Returns the lag of reading changes behind the source. */
  readonly lag: (seconds: number) => string;
}

/** The texts that name objects for which a printed text holds too. */
export interface AlikeWords {
  readonly same: (names: string, count: number, haveOtherCounts: boolean) => string;
  readonly differences: (
    names: string,
    count: number,
    sums: Pick<DifferencesEvent, "missing" | "extra" | "changed">,
  ) => string;
}

/** The lines of an account about values in `_extra`. */
export interface ExtraTexts {
  readonly column: (found: StrayColumn) => string;
  readonly more: (columnCount: number) => string;
}

/** The lines of an account about objects that are not carried over. */
export interface NotCarriedTexts {
  readonly title: string;
  /** Returns the line for objects of one kind and reason in a namespace or database. */
  readonly line: (place: string, things: readonly NotCarried[]) => string;
  readonly more: (lineCount: number) => string;
}

/** A column with some of its values in `_extra`, or `_extra` itself for fields without a column. */
export interface StrayColumn {
  readonly table: string;
  readonly column: string;
  readonly values: number;
  /** The reasons, that of the most values first. */
  readonly reasons: readonly { readonly reason: string; readonly values: number }[];
}

/** Makes a message. A quoted reason may end in a full stop of its own, so double ones become one. */
export function message(problem: string, remedy: string): Message {
  return { problem: problem.replaceAll(/(?<=[^.][.?])\.(?=\s|$)/g, ""), remedy };
}

/** The sections of profiles, by the profile's name. */
export type ProfileSections = Readonly<Record<string, ProfileTexts>>;

export type FaultTexts<F> = {
  readonly [C in keyof F]: (fields: F[C], profiles: ProfileSections) => Message;
};
export type NoteTexts<N> = {
  readonly [C in keyof N]: (fields: Readonly<N[C]>, profiles: ProfileSections) => string;
};
/** A section of the notes' texts. */
export type SomeNotes = Partial<NoteTexts<Notes>>;

/** The texts of `inspect`, each of one or more lines. */
export interface InspectTexts {
  readonly archive: (facts: ArchiveFacts) => string;
  readonly namespace: (facts: NamespaceFacts) => string;
  readonly survey: (facts: SurveyFacts) => string;
}

/** The texts of `query-test`. */
export interface QueryTestTexts {
  /** Returns a text of one or more lines for each fault of a query: other answers, or a slow target. */
  readonly query: (result: QueryResult) => readonly string[];
  /** A line for each query, with source and target side by side. */
  readonly table: (queries: readonly QueryResult[]) => string;
}

/** All text for people, in one language. A code without a text does not compile. */
export interface Language {
  readonly help: HelpTexts;
  readonly faults: FaultTexts<Faults>;
  readonly notes: NoteTexts<Notes>;
  readonly prompts: { readonly [P in keyof Prompts]: (fields: Prompts[P]) => string };
  readonly questions: { readonly [Q in keyof Questions]: (fields: Questions[Q]) => string };
  readonly stages: Readonly<Record<Stage, string>>;
  readonly progress: ProgressTexts;
  readonly inspect: InspectTexts;
  readonly status: (facts: StatusFacts) => string;
  readonly plan: (plan: PlanFound, profiles: ProfileSections) => string;
  readonly checklist: FileTexts["checklist"];
  readonly queryTest: QueryTestTexts;
  /** Words a reason as a part of a sentence. */
  readonly words: (reason: Reason) => string;
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
  /** The sections of the registered profiles. */
  readonly profiles: ProfileSections;
  /** The phrases that the sections of profiles share. */
  readonly phrases: Phrases;
}
