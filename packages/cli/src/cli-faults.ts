import type { Origin } from "./given-setting.ts";
import { faultOf, type Reason, reasonsOf, type DatabaseKind } from "@firebreak/archive";

/** Faults in the use of the command line. */
export interface CliFaults {
  usage: { reason: Reason; command: string | undefined; commands?: readonly string[] };
  "url-missing": { flag: string; variable: string };
  "password-in-flag": { flag: string; variable: string };
  /** `line` is undefined if the file as a whole is not right. */
  "config-unreadable": { file: string; line: number | undefined; reason: Reason };
  "file-unreadable": { file: string; reason: string };
  "url-file-empty": { file: string };
  /** A URL asks for its password, and there is no terminal. */
  "password-unasked": { server: string; variable: string };
  "not-transformed": { archive: string };
  /** The archive comes from an application that has a profile, and the person did not choose a mapping. */
  "profile-unsaid": { archive: string; profile: string; database: string };
  /** The chain of a delta was transformed by a profile that is not here. */
  "profile-unknown": { archive: string; profile: string };
  "no-terminal": { flag: string };
  "init-unasked": object;
  "settings-exist": { file: string };
  /** This fault is never thrown: main.ts reports it before it imports anything else. */
  "node-old": { found: string; needed: number; program: string };
}

export const cliFault: ReturnType<typeof faultOf<CliFaults>> = faultOf<CliFaults>({
  usage: 2,
  "url-missing": 2,
  "password-in-flag": 2,
  "config-unreadable": 2,
  "file-unreadable": 2,
  "url-file-empty": 2,
  "password-unasked": 2,
  "not-transformed": 5,
  "profile-unsaid": 6,
  "profile-unknown": 6,
  "no-terminal": 2,
  "init-unasked": 2,
  "settings-exist": 6,
  "node-old": 2,
});

/** The reasons against a command line or a settings file, with their fields. */
export interface CliReasons {
  "flag-value-missing": { flag: string };
  "sample-part": { given: string };
  "flag-takes": { origin: Origin; takes: "whole" | "positive" | "count" | "mib" };
  /** `takes` is a type, or the choices. */
  "variable-takes": { variable: string; takes: "number" | "boolean" | readonly string[] };
  "setting-unknown": { name: string; nearest: string | undefined };
  "setting-nameless": undefined;
  "setting-twice": { name: string; line: number };
  "setting-takes": { name: string; takes: "text" | "texts" | "number" | "boolean" };
  "setting-choices": { name: string; choices: readonly string[]; nearest: string | undefined };
  "settings-none": undefined;
  "yaml-tab": undefined;
  /** `code` is the YAML parser's own. Its words may quote a password. */
  "yaml-malformed": { code: string };
  "settings-exclusive": { one: Origin; other: Origin };
  /** A file or a variable asks for a dry run of a command that has none, and that would write. */
  "dry-run-unknown": { origin: Origin; command: string };
  "target-kinds": { folders: { readonly mysql: string; readonly mongodb: string }; flag: string };
  /** A target of the kind of the source, which has the same URL. */
  "target-as-source": { kind: DatabaseKind };
  "grep-alone": undefined;
  "out-missing": undefined;
  "dump-missing": undefined;
  "recipient-with-passphrase": undefined;
  /** Flags that have no effect in this case. */
  "flag-goes-with": { flag: string; with: string };
  "flag-of-mongodb-source": { flag: string; source: string };
  "flag-of-archive-kind": { flag: string; kind: DatabaseKind };
  "flag-of-mysql-target": { flag: string };
  "flag-of-profile": { flag: string; profiles: readonly string[] };
  "flag-not-for-repair": { flag: string };
  "dump-of-server": undefined;
  "dump-of-mysql": undefined;
  "clear-names-unencrypted": undefined;
  "collation-map-of-dump": { flag: string };
  "merge-into-mongodb": undefined;
  "merge-of-delta": { flag: string };
  "keep-expired-late": { flag: string };
  "keep-expired-of-profile": undefined;
}

export const cliReason: ReturnType<typeof reasonsOf<CliReasons>> = reasonsOf<CliReasons>();
