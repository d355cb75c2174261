import type { LeftOut } from "@firebreak/archive";
import type { ExportFaults } from "@firebreak/export";
import { foldedNames } from "../../screen/folded-names.ts";
import type { Message } from "@firebreak/profile";
import { message } from "../language.ts";

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
