import type { StepEvent } from "@firebreak/archive";
import type { DifferencesEvent } from "@firebreak/checksum";
import type { InspectEvent } from "@firebreak/inspect";
import type { PlanEvent, PlanRecord, RehearsalEvent } from "@firebreak/plan";
import type { QueryTestEvent } from "@firebreak/query-test";
import type { StatusEvent } from "@firebreak/status";
import type { SampleEvent } from "@firebreak/target";
import type { Dialogue } from "./dialogue.ts";
import type { Notes, Questions } from "./messages/codes.ts";
import type { UrlVariable } from "./plan-arguments.ts";
import type { Settings } from "./settings.ts";
import type { CommandFlags, FlagKind, FlagKinds, SHARED_FLAGS } from "./flags.ts";

/** An event that a command yields while it runs. */
export type CommandEvent =
  | StepEvent<Notes>
  | DifferencesEvent
  | SampleEvent
  | InspectEvent
  | PlanEvent
  | QueryTestEvent
  | RehearsalEvent
  | StatusEvent;

/** Asks the person at the terminal. Any answer except yes counts as no. */
export type Ask = <Q extends keyof Questions>(question: Q, fields: Questions[Q]) => Promise<boolean>;

/** Texts in the person's language that a command writes into a file. */
export interface FileTexts {
  /** Returns the checklist of a plan as Markdown, with the variables that give the URLs to its commands. */
  readonly checklist: (record: PlanRecord, variables: readonly UrlVariable[]) => string;
}

/** One verb of the command line, with the names of its flags. The texts of its help are in each language. */
export interface Command<F extends string = string> extends CommandFlags {
  readonly flags: Readonly<Record<F, FlagKind>>;
  /** Shared flags without effect here. They are accepted, but the command's help leaves them out. */
  readonly withoutEffect: readonly ("jobs" | "yes")[];
  /** True if the command reports its results itself. The account then appears only with `--json`. */
  readonly hasOwnReport?: boolean;
  /** True if the command only reads. It exits with 0 even if it sees quarantine, which it did not cause. */
  readonly onlyLooks?: boolean;
  /** True if the command moves data from a source towards a target. It then lists what is left behind. */
  readonly tellsNotCarried?: boolean;
  /** Returns true if an interrupted run keeps nothing: the next one begins from the start. */
  readonly startsOver?: (settings: Settings) => boolean;
  /** Returns true if stdout carries documents for a pipe. Text for people then goes to stderr. */
  readonly carriesData?: (settings: Settings) => boolean;
  /**
   * Runs the command. It imports its recipe itself, so that no command loads the drivers of another. Loading
   * them would take a third of a second and make each garbage collection slower.
   *
   * @param dialogue undefined if there is no terminal.
   */
  run(
    settings: Settings,
    ask: Ask,
    dialogue: Dialogue | undefined,
    texts: FileTexts,
  ): AsyncIterable<CommandEvent>;
}

/** Flags that several commands share. */
export const MONGODB_URL = {
  "mongodb-url": { type: "string" },
  "mongodb-url-file": { type: "string" },
} satisfies FlagKinds;

export const MYSQL_URL = {
  "mysql-url": { type: "string" },
  "mysql-url-file": { type: "string" },
} satisfies FlagKinds;

/** Flags of commands whose target may be either kind of database. */
export const TARGET_URLS = { ...MYSQL_URL, ...MONGODB_URL } satisfies FlagKinds;

/** Flags that open an encrypted archive. Every command that reads an archive's content has them. */
export const KEYS = {
  identity: { type: "string" },
  "passphrase-file": { type: "string" },
} satisfies FlagKinds;

export const WORK = { work: { type: "string" } } satisfies FlagKinds;

/** Flags of commands that read deltas. */
export const CHAIN = { "delta-from": { type: "string" } } satisfies FlagKinds;

/** The names of flags that two commands or more have in common, each of which has one description. */
export type SharedFlag =
  | keyof typeof SHARED_FLAGS
  | keyof typeof TARGET_URLS
  | keyof typeof KEYS
  | keyof typeof WORK
  | keyof typeof CHAIN;
