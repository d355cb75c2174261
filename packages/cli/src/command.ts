import type { Options } from "yargs";
import type { ChecksumEvent } from "@firebreak/checksum";
import type { InspectEvent } from "@firebreak/inspect";
import type { StatusEvent } from "@firebreak/status";
import type { Questions } from "./messages/catalogue.ts";
import type { Settings } from "./settings.ts";

/** What any command tells while it runs. */
export type CommandEvent = ChecksumEvent | InspectEvent | StatusEvent;

/** Asks the person at the terminal; anything but a yes is a no. */
export type Ask = <Q extends keyof Questions>(question: Q, fields: Questions[Q]) => Promise<boolean>;

/** One verb of the command line. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  readonly flags: Readonly<Record<string, Options>>;
  /** Flags of every command that do nothing here: they are accepted, and not in its help. */
  readonly withoutEffect: readonly ("jobs" | "yes")[];
  /** Flags that mean something else than the same setting in a file, which is another command's. */
  readonly commandLineOnly?: readonly string[];
  /** Shown by `--help`; each was run. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** It says itself what it found: the account is for `--json` alone. */
  readonly hasOwnReport?: boolean;
  /** Whatever it sees, it ends with 0: quarantine is not its doing. */
  readonly onlyLooks?: boolean;
  /** It takes things from one kind of database to the other, and says what is left behind. */
  readonly tellsNotCarried?: boolean;
  /** With these settings stdout carries documents, to be piped; what people read goes to stderr. */
  readonly carriesData?: (settings: Settings) => boolean;
  /**
   * Imports its recipe itself: no command loads another's drivers, which would
   * take a third of a second and make every garbage collection dearer.
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

/** For commands whose target may be either kind of database. */
export const TARGET_URLS: Readonly<Record<string, Options>> = {
  ...MYSQL_URL,
  "mongodb-url": {
    type: "string",
    describe: "the same of a MongoDB target; better from FIREBREAK_MONGODB_URL",
  },
};

/** What opens an encrypted archive; every command that reads its content takes these. */
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

/** For readers of deltas. */
export const CHAIN: Readonly<Record<string, Options>> = {
  "delta-from": {
    type: "string",
    describe: "of a delta: folder of the archive before it (default: looked for beside it)",
  },
};
