import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SRC = join(import.meta.dirname, "..", "src");

/**
 * Words of advice that loses data where it is followed: what stands in a target may be in use, and the old database
 * and the archives are what disaster recovery begins with.
 */
const HARMFUL =
  /--drop\b|\bRENAME TABLE\b|\bKILL\b|\bturn .+ off\b|= OFF\b|\brm -|\b(?:drop|delet|truncat|remov|eras|wip|overwrit|destroy|discard|purg|abandon|uninstall)(?:e|p|d|ped|ed|es|s|ing|ping)?\b|(?<!\.)\breplac(?:e|ed|es|ing)\b|(?<!--)\brename\b|\bgive (?:it|them) up\b|\bbring\b|\b(?:throw|clear|move)(?: \w+){0,3} (?:away|out)\b/i;

/** Sentences that have such a word and give no such advice. Each must still be in use. */
const HARMLESS: readonly RegExp[] = [
  // What has happened, or what would.
  /\(was it [^?]+\?\)/,
  /collections were dropped, renamed or capped/,
  /none was dropped or renamed/,
  /a view was made, changed or dropped/,
  /a collection was made, changed, renamed or dropped/,
  /deletes are there only where it is changed/,
  /it is dropped, and has parts/,
  /a view was made, changed or dropped/,
  /a collection was made, changed, renamed or dropped/,
  /deletes are there only where it is changed/,
  /it is dropped, and has parts/,
  /what it left is removed/,
  /was created, altered or dropped/,
  /Nothing was dropped and nothing was written/,
  /[Dd]ropped or renamed (?:at |while it was exported|before the moment)/,
  /it is dropped and restored again from its beginning/,
  /from now on the server deletes those whose time is up/,
  /somebody dropped it/,
  /it would delete documents/,
  /which deletes documents when their time is up/,
  /the server most likely deleted them/,
  /the application itself has deleted since come back/,
  /it would remove every message at once/,
  /older than MongoDB's TTL keeps: it will remove them/,
  /was dropped at the source/,
  /until they are purged/,
  /"row"\)\} deleted, /,
  /MySQL does not delete expired rows/,
  /"deleted key"/,
  /"key"\)\} to delete first/,
  /Move away what is not wanted/,
  /"delete what is superseded"/,
  // What --drop does, told by the question before it and by its help.
  /These will be dropped, with all that is in them/,
  /To be dropped first: /,
  /drop what is in the way first; asks, unless --yes/,
  /restore --include shop\.users --drop --yes/,
  // What --drop would lose, and the way that loses nothing.
  /--drop would replace [^:]+: restore beside (?:it|them) with --rename/,
  /[Ww]ith --drop what (?:is there now|was written since) would be lost/,
  /with --rename, or replace it with --drop where nothing uses it/,
  // A database that a probe or a rehearsal makes for itself, and its end.
  /load a sample into it to measure the time, and drop it/,
  /into a database that is made for it, proves them, asks the queries of query-test, and removes everything/,
  /only remove what a rehearsal left that was killed/,
  /and the probe would drop it at the end/,
  /An earlier run was killed\. Its (?:database \$\{f\.database\} and its )?folder \$\{f\.folder\} (?:is|are) removed/,
  /a database NAME that is made for it and dropped/,
  /how much is changed and deleted\./,
  // Privileges by their names.
  /load needs SELECT, INSERT, DELETE, CREATE and INDEX/,
  // What is made again afterwards, from what the server said of it.
  /keep what [^:]+ says[^,]*, drop (?:it|them), and create (?:it|them) again after the \w+/,
  // What is put aside and kept, where nobody uses it.
  /or rename it where nothing uses it/,
  /see that nothing uses it, then RENAME TABLE .+ TO another name/,
  /see that nothing uses it, rename it \(renameCollection\)/,
  // The ledger's rows of one table or collection: what the load knows of it, no data.
  /DELETE FROM firebreak_ledger WHERE table_name = '\$\{table\}'/,
  /db\.firebreak_ledger\.deleteMany\(\{"_id\.load"/,
  // Backups: what is there now is kept.
  /back the database up as it is now\. Then bring back the backup/,
  /[Bb]ring that table back from a backup/,
  // Settings of a server, and a connection of ours whose machine is gone.
  /Only where this is no replica, turn .+ off/,
  /for the time of the load, SET GLOBAL sql_require_primary_key = OFF/,
  /If its machine is gone, end what is left of it on the server: KILL/,
  // Files that belong to nothing; they are kept elsewhere.
  /Name another folder with --(?:archive|out), or move this one away/,
  /Move it away if you know what it is/,
  /Move that folder away, then run the transform again/,
  /Move one of them away/,
  /give it that again, or move it away/,
];

/** The lines that people may read: without comments, imports and code that has no text. */
function textLines(folder: string): string[] {
  return readdirSync(folder, { encoding: "utf8", recursive: true })
    .filter((file) => file.endsWith(".ts") && file !== "language.ts")
    .flatMap((file) =>
      readFileSync(join(folder, file), "utf8")
        .replaceAll(/\/\*.*?\*\//gs, "")
        .split("\n")
        .filter((line) => /["'`]/.test(line) && !/^\s*(?:\/\/|import |\| ")/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
}

/** Names in code say nothing to anybody: codes, flags, settings, fields. */
const CODE =
  /\b(?:isOn|list|path|text|ask)\("[a-z-]+"|(?:flag: |case )"[a-z-]+"|conflicts: \[[^\]]*\]|(?:"[a-z-]+"|\b(?:drop|delete|rename)):(?= [({"])|\bf\.(?:rename|deletes|deleted)\b|\bdeletes(?= ===)|counted\(deletes|const \w+ = |\$\{replaced\}/g;

const CHAT = join(SRC, "..", "..", "profile-wildfirechat", "src", "messages");

const lines = [join(SRC, "messages"), join(SRC, "commands"), CHAT]
  .flatMap(textLines)
  .map((line) => line.replaceAll(CODE, ""));

test("no message and no help advises what loses data", () => {
  const advice = lines.filter((line) => {
    const rest = HARMLESS.reduce((text, harmless) => text.replace(harmless, ""), line);
    return HARMFUL.test(rest);
  });
  expect(advice).toEqual([]);
});

test("every sentence that is let through is still there", () => {
  expect(HARMLESS.filter((harmless) => !lines.some((line) => harmless.test(line)))).toEqual([]);
});

test.each([
  "drop the tables and firebreak_ledger",
  "drop table ${f.table} and load it again",
  "Use --drop.",
  "give it up by dropping its tables",
  "DELETE FROM t_messages_3",
  "delete the old database",
  "TRUNCATE it first",
  "rename or drop it",
  "remove the archive",
  "Overwrite it.",
  "turn read_only off",
  "move the old one out",
])("the word list knows %j", (advice) => {
  expect(advice).toMatch(new RegExp(HARMFUL.source, "i"));
});
