import type { SourceNamespace } from "@firebreak/archive";
import { restoreFault } from "./restore-faults.ts";

/** The target's database and collection for a namespace of the archive. */
export interface Place {
  readonly database: string;
  readonly collection: string;
}

/**
 * Returns the place of each namespace in the target: the name that a `--rename` gives to it or to its
 * database, else the same name in the database of the URL, else the same name as in the source.
 *
 * @param renames `db.collection=db.collection` or `db=db`; a collection's rename wins over its database's.
 * @throws {FirebreakError} `rename-wrong` for a rename that has neither form, or that names nothing in
 * `namespaces`.
 */
export function placesOf(
  namespaces: readonly SourceNamespace[],
  renames: readonly string[],
  urlDatabase: string | undefined,
): Map<SourceNamespace, Place> {
  const databases = new Map<string, string>();
  const collections = new Map<string, Place>();
  for (const rename of renames) {
    const [from, to] = splitRename(rename, namespaces);
    const dot = to.indexOf(".");
    if (namespaces.some((n) => n.namespace === from)) {
      if (dot <= 0 || dot === to.length - 1) throw restoreFault("rename-wrong", { rename, why: "form" });
      collections.set(from, { database: to.slice(0, dot), collection: to.slice(dot + 1) });
    } else {
      if (dot >= 0) throw restoreFault("rename-wrong", { rename, why: "form" });
      databases.set(from, to);
    }
  }
  return new Map(
    namespaces.map((n) => [
      n,
      collections.get(n.namespace) ?? {
        database: databases.get(n.database) ?? urlDatabase ?? n.database,
        collection: n.collection,
      },
    ]),
  );
}

/** Splits a rename at the first `=` with a known name before it. A collection's name may have one too. */
function splitRename(rename: string, namespaces: readonly SourceNamespace[]): [from: string, to: string] {
  let isOfForm = false;
  for (let at = rename.indexOf("="); at >= 0; at = rename.indexOf("=", at + 1)) {
    const from = rename.slice(0, at);
    const to = rename.slice(at + 1);
    isOfForm ||= from !== "" && to !== "";
    if (to !== "" && namespaces.some((n) => n.namespace === from || n.database === from)) return [from, to];
  }
  throw restoreFault("rename-wrong", { rename, why: isOfForm ? "unknown" : "form" });
}
