import type { RestoreFaults, RestoreFinding } from "@firebreak/restore";
import { foldedNames } from "../../screen/fold-shards.ts";
import type { Notes } from "../codes.ts";
import { message, type Language } from "../language.ts";
import { findingLines, mongodbNameText } from "./findings.ts";
import { words } from "./reasons.ts";

/** Faults that stop a restore, in English. */
export const restoreFaults: Pick<Language["faults"], keyof RestoreFaults> = {
  "restore-nothing": (f) =>
    message(
      `The archive ${f.archive} has no namespace that matches ${f.include.length > 0 ? f.include.join(" ") : "*"}${f.exclude.length > 0 ? ` without ${f.exclude.join(" ")}` : ""}.`,
      "Check --include and --exclude: they are globs on the archive's database.collection.",
    ),
  "rename-wrong": (f) =>
    f.why === "form"
      ? message(
          `--rename ${f.rename} is not of the form db=db or db.collection=db.collection.`,
          "Give both sides as databases, or both as database.collection.",
        )
      : message(
          `--rename ${f.rename} names nothing that is to be restored.`,
          "The left side is a database or a collection of the archive: pnpm inspect lists them.",
        ),
  "restore-refused": (f) =>
    message(
      `Nothing was written to MongoDB at ${f.server}, for ${f.findings.length === 1 ? "a reason" : "reasons"} found beforehand:\n${findingLines(f.findings, restoreFinding)}`,
      "Mend what is listed, then run the same command again.",
    ),
  "restore-declined": (f) =>
    message(
      `Nothing was dropped and nothing was written to MongoDB at ${f.server}.`,
      "Use --rename to restore beside what is there.",
    ),
  "documents-refused": (f) =>
    message(
      `MongoDB refused ${f.count} ${f.count === 1 ? "document" : "documents"} of ${f.part} for ${f.namespace}: ${words(f.reason)}.`,
      "Mend the cause, then run the same command again: the parts that are in stay in.",
    ),
};

/** Notes of a restore, in English. */
export const restoreNotes: Pick<
  Language["notes"],
  | "restore-would-drop"
  | "restore-resumed"
  | "restore-started-again"
  | "restore-expiry"
  | "stored-otherwise"
  | "documents-repeated"
  | "documents-differ"
  | "definition-differs"
> = {
  "restore-would-drop": (f) => `To be dropped first: ${foldedNames(f.namespaces)}.`,
  "restore-resumed": (f) => `Going on with the unfinished restore: ${f.parts} parts are in already.`,
  "restore-started-again": (f) =>
    `${f.namespace} cannot be gone on with from where it was: it is dropped and restored again from its beginning.`,
  "documents-repeated": (f) =>
    `${f.namespace}: ${f.count.toLocaleString("en-US")} ${f.count === 1 ? "document has" : "documents have"} an _id that an earlier document of the archive has (${f.ids.join(", ")}${f.isMore ? ", …" : ""}). The earlier ones are restored, the others are in quarantine in ${f.folder}.`,
  "stored-otherwise": ({ namespace, moved, made }) => {
    const documents = (count: number): string =>
      `${count.toLocaleString("en-US")} ${count === 1 ? "document" : "documents"}`;
    return [
      ...(moved === 0
        ? []
        : [
            `${documents(moved)} of ${namespace} did not begin with _id. MongoDB puts it in front; all else is as in the archive.`,
          ]),
      ...(made === 0
        ? []
        : [
            `${documents(made)} of ${namespace} had no _id, which MongoDB does not take. Each has an ObjectId now that is made of its place in the archive.`,
          ]),
    ].join("\n");
  },
  "restore-expiry": (f) =>
    `Documents of ${foldedNames(f.namespaces)} are proved to be in; from now on the server deletes those whose time is up.`,
  "documents-differ": (f) =>
    documentsDiffer(
      f,
      "See first who writes to it. Restore it anew with --rename, beside this one, and compare; with --drop what is there now would be lost.",
    ),
  "definition-differs": (f) => {
    switch (f.what) {
      case "missing":
        return `${f.namespace} is not in the target any more: somebody dropped it.`;
      case "kind":
      case "options":
        return `${f.namespace} has another ${f.what === "kind" ? "kind" : "set of options"} than in the archive: ${f.found} instead of ${f.expected}.`;
      case "index":
        return f.found === ""
          ? `${f.namespace} lacks the index ${f.expected}.`
          : `${f.namespace} has an index that is not in the archive: ${f.found}.`;
    }
  },
};

function restoreFinding(f: RestoreFinding): string {
  switch (f.what) {
    case "not-primary":
      return "the server takes no writes: use the primary's address, or that of the replica set.";
    case "privileges":
      return `the user is not allowed ${f.missing.join(", ")} on database ${f.database}: grant the roles readWrite and dbAdmin on it; time-series collections take readWriteAnyDatabase and dbAdminAnyDatabase.`;
    case "target-reserved":
      return `${f.namespace} is a name of the server's own or of ours: name another with --rename, or another database in the URL.`;
    case "target-local":
      return `${foldedNames(f.namespaces)} would go into the database local, which a replica set does not replicate: name another with --rename local=NAME.`;
    case "name-unfit":
      return `MongoDB takes no ${mongodbNameText(f.why)}: ${f.namespace}. Name another with --rename${f.why.startsWith("database") ? ", or another database in the URL" : ""}.`;
    case "database-case":
      return `the databases ${f.database} and ${f.other} differ in capitals alone, and MongoDB takes one of them: name another with --rename, or another database in the URL.`;
    case "targets-collide":
      return `${f.sources.join(" and ")} would both become ${f.namespace}: name others with --rename, or leave the database out of the URL.`;
    case "view-apart":
      return `the view ${f.namespace} needs ${f.reference}, which would go to another database: give both the same with --rename.`;
    case "not-empty":
      return f.restoredAt === undefined
        ? `${f.namespace} holds documents, and --drop would replace them, so that they are lost: restore beside them with --rename.`
        : `${f.namespace} holds documents: this archive was restored here already, on ${f.restoredAt}. With --drop what was written since would be lost: restore beside them with --rename.`;
    case "exists-different":
      return `${f.namespace} is there already and is empty, but ${existsDifferent(f.differs)}: restore beside it with --rename, or replace it with --drop where nothing uses it.`;
    case "ledger-foreign":
      return `database ${f.database} has an unfinished restore of another archive: finish that one, or restore into another database with --rename.`;
    case "settings-changed":
      return `database ${f.database} has an unfinished restore of this archive with other settings (${f.before}, and now ${f.now}): use the same to go on, or restore into another database with --rename.`;
  }
}

function existsDifferent(differs: Extract<RestoreFinding, { what: "exists-different" }>["differs"]): string {
  switch (differs) {
    case "kind":
      return "of another kind";
    case "options":
      return "with other options";
    case "indexes":
      return "with other indexes";
    case "expiry":
      return "it would delete documents before they are proved to be in";
  }
}

/** Describes the documents that differ, then the remedy. */
export function documentsDiffer(f: Notes["documents-differ"], remedy: string): string {
  const named = (["missing", "extra", "changed"] as const)
    .filter((kind) => f[kind].length > 0)
    .map((kind) => `\n  ${kind}, by _id: ${f[kind].join(", ")}`);
  const order = named.length === 0 ? "\n  the documents are the same, in another order" : "";
  return `${f.namespace} differs: the archive has ${f.expected} documents, the target ${f.found}.${named.join("")}${order}\n  ${remedy}`;
}
