import { commandHelp } from "./command-help.ts";
import type { HelpTexts } from "../help-texts.ts";

const flags: HelpTexts["flags"] = {
  archive: "the archive's folder (default: ./archive, or FIREBREAK_ARCHIVE)",
  jobs: "parts worked on at once (default: the cores)",
  config: "a YAML file with long flags as keys",
  json: "one JSON event a line on stdout, a summary last",
  quiet: "say nothing but errors",
  yes: "ask nothing",
  identity: "file with the age identity that opens an encrypted archive",
  "passphrase-file": "file with the passphrase that opens an encrypted archive",
  work: "folder of load's quarantine, differences and progress: the same for every command (default: ARCHIVE.work)",
  "delta-from": "of a delta: folder of the archive before it (default: looked for beside it)",
  "mongodb-url": "source, without a password; better from FIREBREAK_MONGODB_URL",
  "mysql-url": "target, without a password; better from FIREBREAK_MYSQL_URL",
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
