import type { LeftOut } from "@firebreak/archive";
import type { ExportFaults, ExportNotes } from "@firebreak/export";
import { foldedNames } from "../../screen/fold-shards.ts";
import type { Message } from "@firebreak/profile";
import { message, type NoteTexts, type FaultTexts, type SomeNotes } from "../language.ts";
import type { CompactFaults } from "@firebreak/compact";

export function exportNothing(f: ExportFaults["export-nothing"]): Message {
  const source = { dump: "The dump", mongodb: "MongoDB at", mysql: "MySQL at" }[f.source];
  const what = f.source === "mysql" ? "table" : "collection";
  const globs = `${f.include.length > 0 ? f.include.join(" ") : "*"}${f.exclude.length > 0 ? ` without ${f.exclude.join(" ")}` : ""}`;
  const check = `Check --include and --exclude: they are globs on database.${what}.`;
  if (f.leftOut.length === 0)
    return message(
      `${source} ${f.place} has no ${what} that matches ${globs}${f.source === "dump" ? "" : ", or shows none to this user"}.`,
      check,
    );
  return message(
    `${source} ${f.place} has nothing to export that matches ${globs}, only ${foldedNames(f.leftOut)}.`,
    `MongoDB's own collections are never exported; those of applications in local are with --include 'local.*'. ${check}`,
  );
}

/** Describes namespaces that an export leaves out although its filter includes them. */
export function leftOut({
  reason,
  namespaces,
  include,
  place,
}: LeftOut & { readonly place: string }): string {
  const names = `Not exported from ${place}: ${foldedNames(namespaces)}`;
  switch (reason) {
    case "access":
      return `${names}. Users and roles stay with their server: create them at the target.`;
    case "functions":
      return `${names}. Functions that are stored in a database have to be saved again at the target.`;
    case "server":
      return `${names}. MongoDB's own collections are never exported.`;
    case "local":
      return `${names}. The database local belongs to one member of a replica set alone. To export it too, add ${include.length === 0 ? "--include '*' " : ""}--include 'local.*'`;
    case "ledger":
      return `${names}. Loads and restores of Firebreak keep their ledger under this name. To export a collection of yours that is called so, copy it to another name first.`;
    case "forbidden":
      return `${names}. The user may not look there. If applications keep collections there, export as a user with the role backup.`;
  }
}

/** The reasons why an export is not of one moment, by their code. */
const WHY: Readonly<Record<ExportNotes["export-not-one-moment"]["why"], string>> = {
  encrypted: "what is encrypted to a recipient cannot be read again here",
  moving: "collections were dropped, renamed or capped amid the reading, or it took too long",
  "change-stream-rolled": "the oplog no longer goes back to its beginning",
  "change-stream-oversized": "an event is too large for the change stream",
  "change-stream-stalled": "no majority of the set confirmed the newest moment",
  "mongodb-forbidden": "the user may not read change streams",
  "delta-unseen": "a collection was no longer to be seen at the end",
  "delta-scope": "the URL names one database and the archive has others",
  "delta-source-behind": "the server is not as far as it was at the beginning",
};

/** Notes of the end of an export, which brings an archive of a replica set to one moment. */
export const closingNotes: NoteTexts<Pick<ExportNotes, "export-not-one-moment">> = {
  "export-not-one-moment": (f) =>
    `The archive of ${f.place} is not of one moment: ${WHY[f.why]}. Each document is as it was at some moment of the run; a delta from this archive takes in what was written meanwhile.`,
};

export const compactFaults: FaultTexts<CompactFaults> = {
  "compact-no-delta": (f) =>
    message(
      `${f.archive} is a full archive: there is no delta to put into it.`,
      "Name the last delta of a chain with --archive.",
    ),
  "compact-out-inside": (f) =>
    message(
      `The new archive cannot go to ${f.out}: that is inside ${f.archive}, a link of the chain.`,
      "Name another folder with --out.",
    ),
  "compact-out-taken": (f) =>
    message(
      `${f.out} holds ${f.found}, which is not of this chain's new archive.`,
      "Name a new or empty folder with --out.",
    ),
};

export const compactNotes = {
  "compact-resumed": (f) =>
    `Going on in ${f.out}: ${f.namespaces === 1 ? "1 namespace is" : `${f.namespaces} namespaces are`} done already.`,
  "compact-behind": (f) =>
    `${f.namespace}: only its server knows the order of its keys. ${f.lines === 1 ? "1 new line stands" : `${f.lines} new lines stand`} behind all others; a fresh export would have the same lines in another order.`,
} satisfies SomeNotes;
