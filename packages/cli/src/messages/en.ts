import type { Finding } from "@firebreak/load";
import { message, type Catalogue } from "./catalogue.ts";
import { bundleFaults, bundleNotes } from "./en-bundle.ts";
import { inspectFaults, inspectNotes, inspectTexts } from "./en-inspect.ts";
import { restoreFaults, restoreNotes } from "./en-restore.ts";

const again = "Run the same command again when that is mended: it goes on where it stopped.";
const copyAgain = "Copy the archive again from where it was made; if it is damaged there too, export again.";

const dumpAgain = "Copy the dump again from where it was made; if it is damaged there too, dump again.";
const dumpForms =
  "the folder of mongodump --out (in it a folder for each database), or the file of mongodump --archive,";
const leaveOut = (namespace: string): string => `To go on without it: --exclude '${namespace}'`;

/** English. */
export const en: Catalogue = {
  faults: {
    "archive-missing": (f) =>
      message(`There is no archive at ${f.archive}.`, "Name its folder with --archive."),
    "archive-incomplete": (f) =>
      message(
        `${f.archive} has no manifest.json: it was never finished, or not copied whole.`,
        "Run the export (or the transform) again to finish it, or copy it again.",
      ),
    "manifest-unreadable": (f) => message(`${f.file} cannot be read: ${f.reason}.`, copyAgain),
    "format-newer": (f) =>
      message(
        `${f.file} is of format ${f.found}, and this Firebreak knows formats up to ${f.known}.`,
        "Use the Firebreak that made it, or a newer one.",
      ),
    "format-foreign": (f) =>
      message(`${f.file} is not a manifest of Firebreak.`, "Name an archive's folder with --archive."),
    "file-missing": (f) => message(`${f.file} is missing.`, copyAgain),
    "file-unexpected": (f) =>
      message(
        `${f.file} does not belong to the archive: no manifest names it.`,
        "Move it away if you know what it is; else copy the archive again.",
      ),
    "file-not-regular": (f) =>
      message(`${f.file} is a link or a device; an archive has only plain files.`, copyAgain),
    "file-size": (f) =>
      message(`${f.file} has ${f.found} bytes, and the manifest says ${f.expected}.`, copyAgain),
    "file-hash": (f) =>
      message(`${f.file} was changed: its SHA-256 is ${f.found}, and ${f.expected} was expected.`, copyAgain),
    "file-path": (f) =>
      message(
        `${f.manifest} names the file ${JSON.stringify(f.file)}, which would lie outside the archive.`,
        "Do not use this archive: somebody tampered with it.",
      ),
    "part-undecodable": (f) => message(`${f.file} cannot be decompressed: ${f.reason}.`, copyAgain),
    "part-content": (f) =>
      message(
        `${f.file} does not hold what it should: ${f.what} ${f.found}, expected ${f.expected}.`,
        copyAgain,
      ),
    "line-unreadable": (f) => message(`${f.file}, line ${f.line}, cannot be read: ${f.reason}.`, copyAgain),
    "key-missing": (f) =>
      message(`${f.file} is encrypted.`, "Give the key with --identity FILE or --passphrase-file FILE."),
    "key-wrong": (f) =>
      message(`The key given does not open ${f.file}.`, "Give the identity or passphrase of this archive."),
    "identity-invalid": (f) =>
      message(
        `${f.file} cannot be used as a key: ${f.reason}.`,
        "--identity takes a file as age-keygen writes it, --passphrase-file one that holds the passphrase.",
      ),
    "recipient-invalid": (f) =>
      message(
        `${f.recipient} is no age recipient: ${f.reason}.`,
        "Give the age1… that age-keygen -y prints.",
      ),
    "signing-key-invalid": (f) =>
      message(
        `${f.file} holds no Ed25519 key in PEM: ${f.reason}.`,
        "Make one with openssl genpkey -algorithm ed25519; openssl pkey -pubout writes its public half.",
      ),
    "signature-missing": (f) =>
      message(`${f.file} is missing: nobody signed this archive.`, "Ask whoever made it for a signed one."),
    "signature-wrong": (f) =>
      message(`${f.file} is not the signature of this manifest: one of the two was changed.`, copyAgain),
    "signature-foreign": (f) =>
      message(
        `The archive was signed, but not by the trusted key: ${f.file} is of the key ${f.signedBy}.`,
        "Do not use it unless you know whose key that is.",
      ),
    "folder-locked": (f) =>
      message(
        `Another run is writing there: process ${f.pid} on ${f.host} holds ${f.file}.`,
        "Wait until it is done, or stop it. The lock of a run that was killed frees itself: at once on the same host, else in 30 s.",
      ),
    "transform-foreign": (f) =>
      message(
        `${f.file} was made from another archive.`,
        "Run the transform again, so that rows and documents are of one archive.",
      ),
    "disk-full": (f) =>
      message(`The disk is full; ${f.file} could not be written.`, `Free some space. ${again}`),
    "disk-failed": (f) => message(`${f.file} could not be read or written (${f.reason}).`, again),
    "mongodb-url": (f) =>
      message(
        `The MongoDB URL is not right: ${f.reason}.`,
        "It looks like mongodb://host:27017/ and comes from FIREBREAK_MONGODB_URL.",
      ),
    "mongodb-unreachable": (f) =>
      message(
        `MongoDB at ${f.server} does not answer: ${f.reason}.`,
        `Look whether it runs and can be reached from here. ${again}`,
      ),
    "mongodb-login": (f) =>
      message(
        `MongoDB at ${f.server} refused the login: ${f.reason}.`,
        "Check user, password and authSource in FIREBREAK_MONGODB_URL.",
      ),
    "mongodb-forbidden": (f) =>
      message(
        `MongoDB at ${f.server} does not allow this user to do it: ${f.reason}.`,
        "For an export the role readAnyDatabase is enough, or read on each database that has no time-series collections. A restore takes readWrite and dbAdmin on each database.",
      ),
    "mongodb-failed": (f) =>
      message(
        `MongoDB at ${f.server} failed${f.namespace === undefined ? "" : ` at ${f.namespace}`}: ${f.reason}.`,
        again,
      ),
    "dump-missing": (f) =>
      message(`There is no dump at ${f.path}.`, "Name what mongodump wrote with --dump."),
    "dump-foreign": (f) =>
      message(`${f.path} is nothing that mongodump wrote.`, `Name ${dumpForms} with --dump.`),
    "dump-database-folder": (f) =>
      message(
        `${f.path} holds files of collections: it is one database's folder of a dump.`,
        `Name the folder above it: --dump ${f.parent} --include '${f.database}.*'`,
      ),
    "dump-database-name": (f) =>
      message(
        `${JSON.stringify(f.database)} cannot be the name of a database, and in ${f.path} it would be one.`,
        "In a dump a database's folder has the database's name: give it that again, or move it away.",
      ),
    "dump-file-missing": (f) =>
      message(`${f.file} is missing; it belongs to ${f.namespace}.`, `${dumpAgain} ${leaveOut(f.namespace)}`),
    "dump-file-twice": (f) =>
      message(
        `The dump has ${f.namespace} more than once: ${f.files.join(" and ")}.`,
        "Move away what is not wanted.",
      ),
    "dump-name-unknown": (f) =>
      message(
        `${f.file} is of a collection whose name is not known: the file's is cut, and no metadata says the whole one.`,
        dumpAgain,
      ),
    "dump-metadata": (f) =>
      message(
        `${f.file}: the options and indexes of ${f.namespace} cannot be read: ${f.reason}.`,
        `${dumpAgain} ${leaveOut(f.namespace)}`,
      ),
    "dump-damaged": (f) =>
      message(`${f.file} is damaged at byte ${f.offset} of its content: ${f.reason}.`, dumpAgain),
    "dump-folder-taken": (f) =>
      message(`${f.folder} is not empty (${f.found}).`, "Name an empty or new folder for the dump."),
    "dump-unsayable": (f) =>
      message(
        `The options or indexes of ${f.namespace} cannot be said in the metadata.json of a dump.`,
        `Restore it to a server instead. ${leaveOut(f.namespace)}`,
      ),
    "time-series-foreign": (f) =>
      message(
        `MongoDB at ${f.server} keeps the time-series collection ${f.namespace} in a form that this Firebreak does not know.`,
        "Leave it out with --exclude, or use a newer Firebreak.",
      ),
    "lock-held": (f) =>
      message(
        `Another run is at work on database ${f.database} of MongoDB at ${f.server}: process ${f.pid} on ${f.host}.`,
        "Wait until it has ended. If it was killed there, its lock is free 30 seconds later.",
      ),
    "lock-lost": (f) =>
      message(
        `The lock on MongoDB at ${f.server} was lost: the server was out of reach for too long, or another run took over.`,
        again,
      ),
    "mysql-url": (f) =>
      message(
        `The MySQL URL is not right: ${f.reason}.`,
        "It looks like mysql://user@host:3306/database and comes from FIREBREAK_MYSQL_URL.",
      ),
    "mysql-unreachable": (f) =>
      message(
        `MySQL at ${f.server} does not answer: ${f.reason}.`,
        `Look whether it runs and can be reached from here. ${again}`,
      ),
    "mysql-login": (f) =>
      message(
        `MySQL at ${f.server} refused the login of ${f.user || "the user"}.`,
        "Check user and password in FIREBREAK_MYSQL_URL.",
      ),
    "mysql-database-missing": (f) =>
      message(
        `MySQL at ${f.server} has no database ${f.database}.`,
        `Create it: CREATE DATABASE \`${f.database}\` CHARACTER SET utf8mb4`,
      ),
    "mysql-forbidden": (f) =>
      message(
        `MySQL at ${f.server} does not allow it: ${f.reason}.`,
        "Grant the user what is missing; load needs SELECT, INSERT, DELETE, CREATE and INDEX, checksum needs SELECT.",
      ),
    "mysql-read-only": (f) =>
      message(
        `MySQL at ${f.server} takes no writes: ${f.reason}.`,
        "Turn read_only and super_read_only off, or use the primary's address.",
      ),
    "mysql-disk-full": (f) =>
      message(`The disk of MySQL at ${f.server} is full: ${f.reason}.`, `Free some space there. ${again}`),
    "mysql-lost": (f) => message(`The connection to MySQL at ${f.server} broke: ${f.reason}.`, again),
    "mysql-failed": (f) => message(`MySQL at ${f.server} failed: ${f.reason}.`, again),
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
    "export-nothing": (f) =>
      message(
        `${f.source === "dump" ? "The dump" : "MongoDB at"} ${f.place} has no collection that matches ${f.include.length > 0 ? f.include.join(" ") : "*"}${f.exclude.length > 0 ? ` without ${f.exclude.join(" ")}` : ""}.`,
        "Check --include and --exclude: they are globs on database.collection.",
      ),
    "load-refused": (f) =>
      message(
        `Nothing was written to MySQL at ${f.server}, for ${f.findings.length === 1 ? "a reason" : "reasons"} found beforehand:\n${f.findings.map((x) => `  - ${finding(x)}`).join("\n")}`,
        "Mend what is listed, then run the same command again.",
      ),
    "part-refused": (f) =>
      message(
        `MySQL refused a row of ${f.part} for table ${f.table}: ${f.reason} (rows are counted within this part). The part was rolled back.`,
        "Mend the cause, then run the same command again: the parts that are in stay in.",
      ),
    "part-counts": (f) =>
      message(
        `${f.part} has ${f.lines} rows for table ${f.table}, and MySQL reported ${f.records} records, ${f.deleted} deleted, ${f.skipped} skipped, ${f.warnings} warnings${f.first === "" ? "" : ` (${f.first})`}. The part was rolled back.`,
        "Mend the cause, then run the same command again: the parts that are in stay in.",
      ),
    "checksum-unhashed": (f) =>
      message(
        `MySQL could not hash ${f.rows} rows of ${f.table}: they are larger than max_allowed_packet.`,
        "Raise max_allowed_packet on the server, then run checksum again.",
      ),
    ...bundleFaults,
    ...inspectFaults,
    ...restoreFaults,
    "no-terminal": (f) =>
      message(
        `--${f.flag} asks before it does anything, and there is no terminal to ask on.`,
        "Add --yes if it need not ask.",
      ),
    usage: (f) =>
      message(`${f.reason}.`, `See firebreak ${f.command === undefined ? "" : `${f.command} `}--help.`),
    "url-missing": (f) =>
      message(
        `No URL of the database is known.`,
        `Set ${f.variable}, or give --${f.flag} (without a password), or a file with --config.`,
      ),
    "password-in-flag": (f) =>
      message(
        `--${f.flag} has a password in it, and everybody on this machine can read command lines.`,
        `Put the URL into ${f.variable} or into a file for --config.`,
      ),
    "config-unreadable": (f) =>
      message(
        `${f.file} cannot be read: ${f.reason}.`,
        "It is YAML with the long flags as keys, for example mysql-url: mysql://…",
      ),
    "not-transformed": (f) =>
      message(`${f.archive} has not been transformed yet.`, "Run firebreak transform first."),
  },
  notes: {
    resumed: (f) => `Going on with the unfinished export in ${f.archive}.`,
    "source-waiting": (f) =>
      `${f.place} does not answer. Trying again for up to ${f.minutes.toLocaleString("en-US")} minutes; Ctrl-C ends it, and the same command goes on later.`,
    "source-back": (f) => `${f.place} answers again.`,
    "source-moved": (f) =>
      `${f.namespace} was written to meanwhile: ${f.read.toLocaleString("en-US")} documents were read, and now it has ${f.counted.toLocaleString("en-US")}. Each is as it was at some moment of the export.`,
    "collection-vanished": (f) =>
      `${f.namespace} is no longer at the source. The archive keeps the ${f.documents.toLocaleString("en-US")} documents that an earlier run had read of it.`,
    "load-resumed": (f) => `Going on: ${f.parts} parts are in already.`,
    "table-missing": (f) => `Table ${f.table} is not in the target.`,
    "dump-oplog": (f) =>
      `${f.path} has an oplog (mongodump --oplog). It is not applied: each document is as mongodump met it.`,
    "dump-files-unknown": (f) =>
      `Not of a dump, and not read: ${f.files.slice(0, 5).join(", ")}${f.files.length > 5 ? ` and ${f.files.length - 5} more` : ""}.`,
    "dump-undescribed": (f) =>
      `The dump has no metadata of ${f.namespaces.join(", ")}: without it options and indexes are not known.`,
    "columns-missing": (f) => `Table ${f.table} in the target lacks ${f.columns.join(", ")}.`,
    ...bundleNotes,
    ...inspectNotes,
    ...restoreNotes,
  },
  questions: {
    drop: (f) => `These will be dropped, with all that is in them:\n  ${f.namespaces.join("\n  ")}\nGo on?`,
  },
  stages: {
    export: "export",
    survey: "survey",
    duplicates: "look for equal keys",
    rows: "write rows",
    verify: "verify",
    load: "load",
    indexes: "build indexes",
    restore: "restore",
    prove: "read back",
    checksum: "checksum",
    pack: "pack",
    unpack: "unpack",
    search: "search",
  },
  inspect: inspectTexts,
  unexpected: message(
    "Something went wrong that should not:",
    "Please report it, with what you did. Running the same command again is safe.",
  ),
  interrupted: "Interrupted. Run the same command again: it goes on where it stopped.",
  done: (command, seconds) => `${command} done in ${seconds} s`,
  quarantined: (count) =>
    `${count} documents are in quarantine (mysql/quarantine in the archive names each with its reason); everything else is accounted for.`,
  differs: (table) => `Table ${table} differs:`,
  difference: (kind, key, columns) => `  ${kind} row ${key}${columns === "" ? "" : `, in ${columns}`}`,
  differencesCut: (buckets, read) =>
    `  … and more: ${buckets} of 1024 buckets of keys differ, ${read} were read row by row.`,
};

function finding(f: Finding): string {
  switch (f.what) {
    case "server-old":
      return `the server is ${f.version}; MySQL 8.0.17 or later or MariaDB 10.6 or later is needed: upgrade it.`;
    case "local-infile-off":
      return "local_infile is off: SET GLOBAL local_infile = ON, or start the server with --local-infile=ON.";
    case "read-only":
      return "the server is read-only: turn read_only off, or use the primary's address.";
    case "database-missing":
      return `there is no database ${f.database}: CREATE DATABASE \`${f.database}\` CHARACTER SET utf8mb4`;
    case "privileges":
      return `the user lacks ${f.missing.join(", ")} on ${f.database}: GRANT ${f.missing.join(", ")} ON \`${f.database}\`.* TO that user.`;
    case "table-taken":
      return `table ${f.table} has rows that no load of ours put there: rename or drop it, or load into another database.`;
    case "table-differs":
      return `table ${f.table} has other columns (${f.found}) than the archive's (${f.expected}): rename or drop it.`;
    case "tables-collide":
      return `${f.namespaces.join(" and ")} would share table ${f.table}: leave the database out of the URL, or export them apart.`;
    case "ledger-foreign":
      return `table ${f.table} holds rows of another archive (${f.part}): drop it and delete its rows from firebreak_ledger, or load into another database.`;
    case "ledger-rows":
      return `table ${f.table} has ${f.found} rows, and firebreak_ledger says ${f.ledger} were loaded (was it truncated or restored?): drop it and run DELETE FROM firebreak_ledger WHERE table_name = '${f.table}'.`;
    case "packet-small":
      return `table ${f.table} has a value or row of ${f.needed} bytes, above max_allowed_packet (${f.limit}): SET GLOBAL max_allowed_packet = 1073741824.`;
  }
}
