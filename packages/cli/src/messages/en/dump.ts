import type { MongodumpFaults } from "@firebreak/mongodump";
import { foldedNames } from "../../screen/fold-shards.ts";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";
import { words } from "./reasons.ts";

const dumpAgain = "Copy the dump again from where it was made; if it is damaged there too, dump again.";
const dumpForms =
  "the folder of mongodump --out (in it a folder for each database), or the file of mongodump --archive,";
const leaveOut = (namespace: string): string => `To go on without it: --exclude '${namespace}'`;

export const dumpFaults: FaultTexts<MongodumpFaults> = {
  "dump-missing": (f) => message(`There is no dump at ${f.path}.`, "Name what mongodump wrote with --dump."),
  "dump-foreign": (f) =>
    message(`${f.path} is nothing that mongodump wrote.`, `Name ${dumpForms} with --dump.`),
  "dump-mixed": (f) =>
    message(
      `${f.path} holds a collection's file (${f.file}) beside the folder of a database (${f.folder}): it is either a dump or one database of a dump.`,
      "Move away what is not wanted.",
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
      `${f.file}: the options and indexes of ${f.namespace} cannot be read: ${words(f.reason)}.`,
      `${dumpAgain} ${leaveOut(f.namespace)}`,
    ),
  "dump-damaged": (f) =>
    message(`${f.file} is damaged at byte ${f.offset} of its content: ${words(f.reason)}.`, dumpAgain),
  "dump-folder-taken": (f) =>
    message(`${f.folder} is not empty (${f.found}).`, "Name an empty or new folder for the dump."),
  "oplog-entry": (f) =>
    message(
      `The oplog in ${f.path} has an entry that cannot be applied${f.time === undefined ? "" : ` (at ${f.time})`}: ${words(f.reason)}${f.namespace === undefined ? "" : ` (${f.namespace})`}.${f.entry === undefined ? "" : ` The entry: ${f.entry}`}`,
      "Dump again at a time when documents alone change. Or leave the oplog out: with --no-oplog each document is as mongodump met it.",
    ),
  "dump-unsayable": (f) =>
    message(
      `The options or indexes of ${f.namespace} cannot be said in the metadata.json of a dump.`,
      `Restore it to a server instead. ${leaveOut(f.namespace)}`,
    ),
};

export const dumpNotes = {
  "dump-one-database": (f) =>
    `${f.path} is taken for a part of the database ${f.database}, for that is the name of the folder. A dump's oplog is not looked for.`,
  "oplog-applied": (f) =>
    `The oplog in ${f.path} is applied (${f.entryCount.toLocaleString("en-US")} entries): the archive is of the moment when mongodump ended${f.until === undefined ? "" : ` (${f.until})`}.`,
  "oplog-skipped": (f) =>
    `The oplog in ${f.path} is not applied: each document is as mongodump met it, and the archive is of no one moment.`,
  "dump-files-unknown": (f) =>
    `Not of a dump, and not read: ${f.files.slice(0, 5).join(", ")}${f.files.length > 5 ? ` and ${f.files.length - 5} more` : ""}.`,
  "dump-undescribed": (f) =>
    `The dump has no metadata of ${foldedNames(f.namespaces)}: without it options and indexes are not known.`,
} satisfies SomeNotes;
