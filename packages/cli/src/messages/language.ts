import type { Reason, Stage } from "@firebreak/archive";
import type { DifferencesEvent } from "@firebreak/checksum";
import type { ArchiveFacts, NamespaceFacts, SurveyFacts } from "@firebreak/inspect";
import type { Message, Phrases, ProfileTexts } from "@firebreak/profile";
import type { StatusFacts } from "@firebreak/status";
import type { SampleEvent } from "@firebreak/target";
import type { ExtraTexts, NotCarriedTexts } from "./account-texts.ts";
import type { AlikeWords, ProgressTexts } from "./screen-texts.ts";
import type { Faults, Notes, Questions } from "./codes.ts";
import type { HelpTexts } from "./help-texts.ts";

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

/** All text for people, in one language. A code without a text does not compile. */
export interface Language {
  readonly help: HelpTexts;
  readonly faults: FaultTexts<Faults>;
  readonly notes: NoteTexts<Notes>;
  readonly questions: { readonly [Q in keyof Questions]: (fields: Questions[Q]) => string };
  readonly stages: Readonly<Record<Stage, string>>;
  readonly progress: ProgressTexts;
  readonly inspect: InspectTexts;
  readonly status: (facts: StatusFacts) => string;
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
