import { foldedNames, namesAndRanges } from "../../screen/fold-shards.ts";
import { message, type Language } from "../language.ts";
import { archiveFaults, archiveNotes, GOES_ON } from "./archive.ts";
import { checksumFaults, checksumNotes, differencesText, sampleText } from "./checksum.ts";
import { closingNotes, exportNothing, leftOut, compactFaults, compactNotes } from "./export.ts";
import { deltaExportFaults, deltaExportNotes } from "./delta.ts";
import { targetFaults, preflightNotes } from "./preflight.ts";
import {
  deltaChecksumNotes,
  deltaLoadFaults,
  deltaLoadNotes,
  loadFaults,
  repairFaults,
  repairNotes,
} from "./load.ts";
import { dumpFaults, dumpNotes } from "./dump.ts";
import { bundleFaults, bundleNotes } from "./bundle.ts";
import { extraTexts, notCarriedTexts } from "./not-carried.ts";
import { initFaults, initNotes } from "./init.ts";
import { inspectFaults, inspectNotes, inspectTexts } from "./inspect.ts";
import { mysqlSourceFaults, mysqlSourceNotes } from "./mysql-source.ts";
import { nodeOld } from "./node.ts";
import { checklistText } from "./checklist.ts";
import { planFaults, planNotes, planText } from "./plan.ts";
import { progressTexts, stages } from "./progress.ts";
import { serverFaults } from "./servers.ts";
import { settingsFaults, settingsPrompts } from "./settings.ts";
import { statusText } from "./status.ts";
import { phrases, transformFaults, transformNotes } from "./profile.ts";
import { queryTestFaults, queryTestNotes, queryTestTexts } from "./query-test.ts";
import { restoreFaults, restoreNotes } from "./restore.ts";
import { restoreMysqlFaults, restoreMysqlNotes } from "./restore-mysql.ts";
import { toMongodbFaults, toMongodbNotes } from "./to-mongodb.ts";
import { alikeWords } from "./findings.ts";
import { words } from "./reasons.ts";
import { commandHelp } from "./command-help.ts";
import type { HelpTexts } from "../help-texts.ts";

const flags: HelpTexts["flags"] = {
  archive: "the archive's folder (default: ./archive, or FIREBREAK_ARCHIVE)",
  jobs: "parts worked on at once (default: the cores)",
  config: "a YAML file with long flags as keys; each is a variable too, such as FIREBREAK_PART_MIB",
  json: "one JSON event a line on stdout, a summary last",
  quiet: "say nothing but errors",
  yes: "ask nothing",
  identity: "file with the age identity that opens an encrypted archive",
  "passphrase-file": "file with the passphrase that opens an encrypted archive",
  work: "folder of load's quarantine, differences and progress: the same for every command (default: ARCHIVE.work)",
  "delta-from": "of a delta: folder of the archive before it (default: looked for beside it)",
  "mongodb-url": "source, without a password; better from FIREBREAK_MONGODB_URL",
  "mongodb-url-file": "file whose first line is the URL of MongoDB, password included",
  "mysql-url": "target, without a password; better from FIREBREAK_MYSQL_URL",
  "mysql-url-file": "file whose first line is the URL of MySQL, password included",
};

/** The texts of `--help`, in English. */
export const help: HelpTexts = {
  locale: "en",
  usage:
    "$0 COMMAND [options]\n\nMoves documents between databases over files, and proves that nothing was lost.",
  nameCommand: "Name a command",
  exitCodes:
    "Exit codes: 0 done, 2 usage, 3 done with quarantine, 4 differences, 5 archive damaged, 6 refused, 7 a server or disk gave out or too many rows were refused, 130 interrupted.",
  flags,
  commands: commandHelp,
};

/** All text for people in English. */
export const english: Language = {
  help,
  faults: {
    ...archiveFaults,
    ...dumpFaults,
    ...deltaExportFaults,
    ...mysqlSourceFaults,
    ...serverFaults,
    "archive-exists": (f) =>
      message(
        `${f.archive} holds a finished archive already.`,
        "Name another folder with --archive, or move this one away.",
      ),
    "archive-folder-taken": (f) =>
      message(
        `${f.archive} is not empty (${f.found}), and no export of ours left it so.`,
        "Name an empty or new folder with --archive.",
      ),
    "export-settings-changed": (f) =>
      message(
        `The unfinished export in ${f.archive} had --${f.flag} ${f.before}, and now it is ${f.now}.`,
        "Run it with the same settings to go on, or name another folder with --archive.",
      ),
    "export-nothing": exportNothing,
    ...loadFaults,
    ...checksumFaults,
    ...bundleFaults,
    ...compactFaults,
    ...inspectFaults,
    ...planFaults,
    ...queryTestFaults,
    ...repairFaults,
    ...targetFaults,
    ...deltaLoadFaults,
    ...restoreFaults,
    ...restoreMysqlFaults,
    ...transformFaults,
    ...toMongodbFaults,
    "no-terminal": (f) =>
      message(
        `--${f.flag} asks before it does anything, and there is no terminal to ask on.`,
        "Add --yes if it need not ask.",
      ),
    "node-old": nodeOld,
    ...settingsFaults,
    ...initFaults,
    "not-transformed": (f) =>
      message(
        `${f.archive} has not been transformed yet.`,
        "Run pnpm transform first (or pnpm load, which does it).",
      ),
    "profile-unsaid": (f, profiles) => profiles[f.profile]!.unsaid(f),
    "profile-unknown": (f) =>
      message(
        `The chain of ${f.archive} was transformed with the profile ${f.profile}, and there is no such profile here.`,
        "Transform with the version of firebreak that transformed the chain.",
      ),
  },
  notes: {
    ...archiveNotes,
    resumed: (f) => `Going on with the unfinished export in ${f.archive}.`,
    "dump-changed": (f) =>
      `${f.dump} was written since the export was begun: it is read from the beginning again.`,
    "source-waiting": (f) =>
      `${f.place} does not answer. Trying again for up to ${f.minutes.toLocaleString("en-US")} minutes; Ctrl-C ends it, and the same command goes on later.`,
    "source-back": (f) => `${f.place} answers again.`,
    "source-moved": (f) =>
      `${f.namespace} was written to meanwhile: ${f.read.toLocaleString("en-US")} documents were read, and now it has ${f.counted.toLocaleString("en-US")}. Each is as it was at some moment of the export.`,
    "left-out": leftOut,
    "dump-ids-repeated": (f) =>
      `${f.place} has ${f.count.toLocaleString("en-US")} ${f.count === 1 ? "document" : "documents"} of ${f.namespace} whose _id an earlier one has (${f.ids.join(", ")}${f.keyCount > f.ids.length ? ", …" : ""}): it was written to while it was dumped. The archive keeps all; a restore takes the first of each _id and puts the others in quarantine.`,
    "url-names-admin": (f) =>
      `The URL of ${f.server} names the database admin. Its user logs in there; the export takes all databases, collections of applications in admin included. For those alone: --include 'admin.*'`,
    "collection-vanished": (f) =>
      `${f.namespace} is no longer at the source. The archive keeps the ${f.documents.toLocaleString("en-US")} documents that had been read of it.`,
    "dropped-before-moment": (f) =>
      `Dropped or renamed at ${f.place} while the export ran: ${foldedNames(f.namespaces)}. The archive is of a later moment and does not have them under these names.`,
    "load-resumed": (f) => `Going on: ${f.parts === 1 ? "1 part is" : `${f.parts} parts are`} in already.`,
    "rows-refused": (f) =>
      [
        `The target refused ${f.count} ${f.count === 1 ? "row" : "rows"} of ${f.part} for table ${f.table}:`,
        ...f.rows.map(
          (r) =>
            `  row ${r.row}${r.columns.length === 0 ? "" : `, ${r.columns.join(", ")}`}: ${r.message}${r.errno === 0 ? "" : ` (${r.errno})`}`,
        ),
        ...(f.count > f.rows.length ? [`  and ${f.count - f.rows.length} more`] : []),
      ].join("\n"),
    "quarantine-missing": (f) =>
      `The ledger says that ${f.count} rows of ${f.part} for table ${f.table} were refused at load, and ${f.file} is not here: they count as missing. Say with --work where load kept its quarantine.`,
    "rows-quarantined": (f) =>
      `${f.count.toLocaleString("en-US")} ${f.count === 1 ? "row is" : "rows are"} in quarantine in ${f.folder}, each with its reason and its document. When the cause is mended: pnpm load --replay-quarantine`,
    ...checksumNotes,
    ...dumpNotes,
    ...deltaExportNotes,
    ...mysqlSourceNotes,
    ...bundleNotes,
    ...compactNotes,
    ...closingNotes,
    ...initNotes,
    ...inspectNotes,
    ...planNotes,
    ...queryTestNotes,
    ...repairNotes,
    ...deltaLoadNotes,
    ...deltaChecksumNotes,
    ...restoreNotes,
    ...restoreMysqlNotes,
    ...transformNotes,
    ...preflightNotes,
    ...toMongodbNotes,
  },
  prompts: settingsPrompts,
  questions: {
    drop: (f) =>
      `These will be dropped, with all that is in them:\n  ${namesAndRanges(f.namespaces).join("\n  ")}\nGo on?`,
  },
  stages,
  progress: progressTexts,
  inspect: inspectTexts,
  status: statusText,
  plan: planText,
  checklist: checklistText,
  queryTest: queryTestTexts,
  words,
  unexpected: message(
    "Something went wrong that should not:",
    "Please report it, with what you did. Running the same command again is safe.",
  ),
  interrupted: `Interrupted. Run the same command again${GOES_ON}.`,
  goesOn: GOES_ON,
  done: (command, seconds, isDryRun) =>
    isDryRun
      ? `${command} --dry-run done in ${seconds} s: nothing was written`
      : `${command} done in ${seconds} s`,
  quarantined: (count) =>
    `${count.toLocaleString("en-US")} ${count === 1 ? "document is" : "documents are"} in quarantine (the folder quarantine, beside what transform made, names each with its reason; in a chain, the folder of each link has its own); everything else is accounted for.`,
  extra: extraTexts,
  notCarried: notCarriedTexts,
  differences: differencesText,
  sample: sampleText,
  alike: alikeWords,
  profiles: {},
  phrases,
};
