import type { ExportFaults } from "@firebreak/export";
import type { MysqlFaults } from "@firebreak/mysql";
import type { Notes } from "../codes.ts";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";
import { words } from "./reasons.ts";

export const mysqlSourceFaults: FaultTexts<
  Pick<ExportFaults, "snapshot-lost" | "source-redefined" | "source-names-alike" | "table-unreadable"> &
    Pick<MysqlFaults, "mysql-value-large">
> = {
  "snapshot-lost": (f) =>
    message(
      `The snapshot of MySQL at ${f.server} was lost while ${f.namespace} was read: ${words(f.reason)}.`,
      "Run the same command again: if nothing was written there since, it goes on, else it begins again by itself.",
    ),
  "table-unreadable": (f) =>
    message(
      `MySQL at ${f.server} cannot read table ${f.namespace}: ${f.reason}.`,
      `Repair the table, or leave it out with --exclude '${f.namespace}'. Then run the same command again.`,
    ),
  "source-redefined": (f) =>
    message(
      `${f.name} was created, altered or dropped on MySQL at ${f.server} just when the export began.`,
      "Run the same command again. If that is done there all the time, leave it out with --exclude.",
    ),
  "source-names-alike": (f) =>
    message(
      `${f.namespace} would be one table in an archive, and is several on MySQL at ${f.server}: of the databases ${f.databases.join(", ")}.`,
      "Export these databases into an archive each: --mysql-url may name one.",
    ),
  "mysql-value-large": (f) =>
    message(
      `A value of column ${f.column} is larger in UTF-8 than MySQL at ${f.server} can make it.`,
      "Raise its limit, SET GLOBAL max_allowed_packet = 1073741824, and run the same command again.",
    ),
};

export const mysqlSourceNotes = {
  "mysql-carried": (f) =>
    `Besides rows the archive has, as statements: ${listOf(f)}. Users and their grants are not in it.`,
  "snapshot-one-connection": (f) =>
    `Tables could not be locked on MySQL at ${f.server} (${f.reason}), so one connection reads all rows, as of one moment. With RELOAD, or LOCK TABLES on each database, as many do as --jobs says.`,
  "snapshot-without": (f) =>
    `${few(f.tables)} ${f.tables.length === 1 ? "is" : "are"} of an engine without snapshots: rows that are written there meanwhile may be of different moments.`,
  "snapshot-moved": (f) =>
    f.isKnown
      ? `MySQL at ${f.server} was written to since the export was begun: it is read from the beginning again, for all of it is to be of one moment.`
      : `Nothing that the user may see tells whether MySQL at ${f.server} was written to since the export was begun: it is read from the beginning again. With PROCESS or REPLICATION CLIENT it could go on.`,
  "history-not-carried": (f) =>
    `${few(f.tables)}: the rows of earlier times, which WITH SYSTEM VERSIONING keeps, are not carried; those of now are.`,
  "json-untold": (f) =>
    `${f.namespace}: ${f.count.toLocaleString("en-US")} JSON ${f.count === 1 ? "document" : "documents"} of column ${f.column} ${f.count === 1 ? "has" : "have"} dates, times or binary strings that the server shows as strings. They come back as strings; checksum, which compares what the server shows, finds no difference.`,
  "statements-unsayable": (f) =>
    `The server shows ${few(f.tables)} by statements with bytes that are no text, of a binary column's default as a rule: restored, that default is another.`,
} satisfies SomeNotes;

function listOf(counts: Notes["mysql-carried"]): string {
  return Object.entries(counts)
    .map(([noun, count]) => `${count.toLocaleString("en-US")} ${count === 1 ? singular(noun) : noun}`)
    .join(", ");
}

function singular(noun: string): string {
  return noun === "libraries" ? "library" : noun.replace(/s$/, "");
}

function few(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
