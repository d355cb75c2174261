import type { Options } from "yargs";
import type { StepEvent } from "@firebreak/archive";
import type { ChecksumEvent } from "@firebreak/checksum";
import type { InspectEvent } from "@firebreak/inspect";
import type { StatusEvent } from "@firebreak/status";
import type { Notes, Questions } from "./messages/language.ts";
import type { Settings } from "./settings.ts";

/** An event that a command yields while it runs. */
export type CommandEvent = StepEvent<Notes> | ChecksumEvent | InspectEvent | StatusEvent;

/** Asks the person at the terminal. Any answer except yes counts as no. */
export type Ask = <Q extends keyof Questions>(question: Q, fields: Questions[Q]) => Promise<boolean>;

/** One verb of the command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, Options>>;
  /** Shared flags without effect here. They are accepted, but the command's help leaves them out. */
  readonly withoutEffect: readonly ("jobs" | "yes")[];
  /** Flags whose name in a settings file is another command's setting. The file's value is ignored here. */
  readonly commandLineOnly?: readonly string[];
  /** Examples for `--help`. Each was run. */
  readonly examples: readonly (readonly [command: string, what: string])[];
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
   */
  run(settings: Settings, ask: Ask): AsyncIterable<CommandEvent>;
}

/** Flags that several commands share. */
export const MONGODB_URL: Readonly<Record<string, Options>> = {
  "mongodb-url": {
    type: "string",
    describe: "source, without a password; better from FIREBREAK_MONGODB_URL",
  },
};

export const MYSQL_URL: Readonly<Record<string, Options>> = {
  "mysql-url": { type: "string", describe: "target, without a password; better from FIREBREAK_MYSQL_URL" },
};

/** Flags of commands whose target may be either kind of database. */
export const TARGET_URLS: Readonly<Record<string, Options>> = {
  ...MYSQL_URL,
  "mongodb-url": {
    type: "string",
    describe: "the same of a MongoDB target; better from FIREBREAK_MONGODB_URL",
  },
};

/** Flags that open an encrypted archive. Every command that reads an archive's content has them. */
export const KEYS: Readonly<Record<string, Options>> = {
  identity: { type: "string", describe: "file with the age identity that opens an encrypted archive" },
  "passphrase-file": { type: "string", describe: "file with the passphrase that opens an encrypted archive" },
};

export const WORK: Readonly<Record<string, Options>> = {
  work: {
    type: "string",
    describe:
      "folder of load's quarantine, differences and progress: the same for every command (default: ARCHIVE.work)",
  },
};

/** Flags of commands that read deltas. */
export const CHAIN: Readonly<Record<string, Options>> = {
  "delta-from": {
    type: "string",
    describe: "of a delta: folder of the archive before it (default: looked for beside it)",
  },
};
