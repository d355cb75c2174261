import { reasonWords, type Reason, type ReasonTexts } from "@firebreak/archive";
import type { Reasons } from "../codes.ts";
import { archiveReasons, verifyReasons, dumpReasons } from "./archive-reasons.ts";
import type { ExportReasons } from "@firebreak/export";
import type { MongodbReasons } from "@firebreak/mongodb";
import type { MysqlReasons } from "@firebreak/mysql";
import type { QueryTestReasons } from "@firebreak/query-test";
import type { CliReasons } from "../../cli-faults.ts";
import type { Origin } from "../../given-setting.ts";

/** The reasons against a command line or a settings file, in English. */
export const cliReasons: ReasonTexts<CliReasons> = {
  "flag-value-missing": (f) => `--${f.flag} takes a value`,
  "sample-part": (f) => `--sample is ${f.given}, and takes a part such as 5%, or all`,
  "flag-takes": (f) => `${originText(f.origin)} takes ${FLAG_TAKES[f.takes]}`,
  "variable-takes": (f) =>
    `${f.variable} takes ${typeof f.takes === "string" ? SETTING_TAKES[f.takes] : `one of ${f.takes.join(", ")}`}`,
  "setting-unknown": (f) => `there is no setting \`${f.name}\`${suggestion(f.nearest)}`,
  "setting-nameless": "a setting is expected, such as `archive: FOLDER`",
  "setting-twice": (f) => `\`${f.name}\` is there already, in line ${f.line}`,
  "setting-takes": (f) => `${f.name} takes ${SETTING_TAKES[f.takes]}`,
  "setting-choices": (f) => `${f.name} takes one of ${f.choices.join(", ")}${suggestion(f.nearest)}`,
  "settings-none": "it holds no settings",
  "yaml-tab": "a tab indents the line, and YAML allows only spaces",
  "yaml-malformed": (f) => `the line is not YAML (${f.code})`,
  "settings-exclusive": (f) => `${originText(f.one)} and ${originText(f.other)} exclude each other`,
  "dry-run-unknown": (f) =>
    `${originText(f.origin)} is set, and ${f.command} has no --dry-run, so it would write`,
  "target-kinds": ({ folders, flag }) =>
    `The archive was transformed for both kinds of target (${folders.mysql} and ${folders.mongodb}): say --${flag} mysql or --${flag} mongodb`,
  "target-as-source": (f) =>
    `--to ${f.kind} is the kind of the source, and there is one URL for each kind: the target is of the other kind, or none`,
  "grep-alone": "--grep needs --namespace",
  "out-missing": "--out names the folder that the new archive is to go to",
  "dump-missing": "--source dump takes --dump PATH, the folder or archive file that mongodump wrote",
  "recipient-with-passphrase":
    "--recipient and --passphrase-file exclude each other: age allows a passphrase alone",
  "flag-goes-with": (f) => `--${f.flag} goes with --${f.with}`,
  "flag-of-mongodb-source": (f) => `--${f.flag} is for --source mongodb, not for --source ${f.source}`,
  "flag-of-archive-kind": (f) =>
    f.kind === "mysql"
      ? `--${f.flag} is for an archive of MySQL, and this is one of MongoDB`
      : `--${f.flag} is for an archive of MongoDB, and this is one of MySQL`,
  "flag-of-mysql-target": (f) => `--${f.flag} is for a MySQL target`,
  "flag-of-profile": (f) => `--${f.flag} is for --profile ${f.profiles.join(" or ")}`,
  "flag-not-for-repair": (f) =>
    `--${f.flag} is for archives: a repair goes where its archive went, whole or not at all`,
  "dump-of-server": "--dump names what to read only with --source dump; without that a server is read",
  "dump-of-mysql": "--dump goes with --source dump, not with --source mysql",
  "clear-names-unencrypted": "--clear-names is for an encrypted archive; others show all names",
  "collation-map-of-dump": (f) => `--${f.flag} is for an archive of MySQL, and a dump is for MongoDB`,
  "merge-into-mongodb": "--merge is for an application's own tables in MySQL, not for --to mongodb",
  "merge-of-delta": (f) =>
    `--${f.flag} is for the full archive: a delta goes into the tables that its full archive was merged into`,
  "keep-expired-late": (f) =>
    `--${f.flag} comes too late, for this archive is transformed already: give it to pnpm transform`,
  "keep-expired-of-profile":
    "--keep-expired is for the generic mapping: a profile makes its rows of what is there",
};

function originText(origin: Origin): string {
  switch (origin.from) {
    case "flag":
      return `--${origin.name}`;
    case "variable":
      return origin.name;
    case "file":
      return `\`${origin.name}\` (${origin.file}, line ${origin.line})`;
  }
}

const suggestion = (nearest: string | undefined): string =>
  nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;

const FLAG_TAKES = {
  whole: "a whole number",
  positive: "a number above 0",
  count: "a whole number, 0 or more",
  mib: "a whole number of MiB",
} as const;

const SETTING_TAKES = {
  text: "text (in quotes, where it looks like a number)",
  texts: "text, or a list of texts",
  number: "a number",
  boolean: "true or false",
} as const;

export const serverReasons: ReasonTexts<ExportReasons & MongodbReasons & MysqlReasons> = {
  "oplog-begins": (f) => `its oplog begins at ${f.begin}`,
  "no-words": "the server gives no reason",
  "url-scheme": "it does not begin with mysql://",
  "url-option": (f) => `${f.option} is no option of it, as are ${f.known.join(", ")}`,
  "tls-mode": (f) => `ssl-mode is one of ${f.known.join(", ")}`,
  "tls-address": "with ssl-mode=VERIFY_IDENTITY it has to have the server's name, not its address",
  "path-relative": (f) => `${f.option} has to be a whole path: ${f.path}`,
  "file-unreadable": (f) => `${f.option} cannot be read: ${f.words}`,
  "counter-kept": (f) => `the server keeps it at ${f.next}`,
  "thread-ended": "its thread ended",
};

/** The reasons against a file of queries. */
const queryTestReasons: ReasonTexts<QueryTestReasons> = {
  "not-one-select":
    "it is not one SELECT that only reads (a query with INTO or FOR UPDATE is none, nor one with a ? between quotes)",
  "parameter-count": (f) => `the query has ${f.expected} ? for values, and this set has ${f.found} values`,
  "parameter-unknown": (f) => `$parameter ${f.name} is not the number of a ? of the query`,
  "query-name-twice": (f) => `two queries have the name ${f.name}`,
};

/** Our own reasons, in English. */
const reasons: ReasonTexts<Reasons> = {
  ...archiveReasons,
  ...cliReasons,
  ...dumpReasons,
  ...queryTestReasons,
  ...serverReasons,
  ...verifyReasons,
};

/** Words a reason, as a part of an English sentence. */
export function words(reason: Reason): string {
  return reasonWords(reasons, reason);
}
