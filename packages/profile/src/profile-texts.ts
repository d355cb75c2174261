import type { ProfileDecision } from "@firebreak/archive";

/** A message for people: the problem and the remedy, each of one or more sentences. */
export interface Message {
  readonly problem: string;
  readonly remedy: string;
}

/** A text for each fault of a profile, by its code. */
export type ProfileFaultTexts<F> = { readonly [C in keyof F]: (fields: F[C]) => Message };

/**
 * Texts by code, each for the fields that belong to its code. Only the profile knows their types, so these
 * are methods: a method may have a parameter of a narrower type than its interface.
 */
type Texts<Text> = Readonly<Record<string, { of(fields: object): Text }["of"]>>;

/** A profile's section of the messages, in one language. */
export interface ProfileTexts {
  /** The kind of application: `ticket system`. */
  readonly application: string;
  readonly faults: Texts<Message>;
  /** The application's reasons against a load, by `what`. */
  readonly findings: Texts<string>;
  /** The lines about the application in a target's facts. There are none if the target is not its. */
  targetFacts(found: object): readonly string[];
  /** The message about an application's archive for which nobody chose mappings. */
  readonly unsaid: (fields: { archive: string; database: string }) => Message;
  readonly report: {
    readonly groups: Readonly<Record<string, string>>;
    /** The texts of counts, by their names. A remark that is a count, too, is not shown again. */
    readonly counts: Readonly<Record<string, string>>;
    readonly remarks: Readonly<Record<string, string>>;
    /** The place that shows the values of settings that the rows decide. */
    readonly shownBy: Readonly<Record<string, string>>;
  };
  /** Examples for `--help`, by command. */
  readonly examples: Readonly<Record<string, readonly (readonly [command: string, what: string])[]>>;
}

/** The phrases of a language that sections share. */
export interface Phrases {
  readonly message: (problem: string, remedy: string) => Message;
  /** Joins names, of which consecutive numbers become ranges. */
  readonly foldedNames: (names: readonly string[]) => string;
  /** Returns findings as the lines of a list. Findings that say the same share a text. */
  readonly findingLines: <F extends object>(findings: readonly F[], textOf: (one: F) => string) => string;
  readonly evidence: (evidence: Evidence) => string;
  /** The count of samples that agree with no candidate, or nothing. */
  readonly strays: (evidence: Evidence) => string;
  /** The origin of a setting's value, in brackets. */
  readonly origin: (by: ProfileDecision["by"]) => string;
  /** The advice for rows that were made for a target unlike the one at hand. */
  readonly factsAnew: string;
}

type Evidence = NonNullable<ProfileDecision["evidence"]>;
