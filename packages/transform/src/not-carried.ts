import {
  notCarried,
  readDatabaseFile,
  readTableFile,
  textFields,
  type MadeDatabase,
  type NotCarried,
  type SourceNamespace,
  type DatabaseKind,
  kindOfSource,
} from "@firebreak/archive";
import { sourceDefinition } from "./collections/source-definition.ts";
import type { FolderTask } from "./folder-task.ts";

/** The option of a clustered collection. Nothing is lost, because a table is clustered by its key too. */
const CLUSTERED = "clusteredIndex";

/** The fields of the task that describe the archive. */
type Archived = Pick<FolderTask, "source" | "pass">;

/**
 * Lists the options of a collection that its table does not get.
 *
 * @param carried the options that the table was made by.
 */
export function optionsNotCarried(optionsText: string, carried: readonly string[] = []): NotCarried[] {
  return [...textFields(optionsText).keys()]
    .filter((name) => name !== CLUSTERED && !carried.includes(name))
    .map((name) => notCarried("option", name, "no-counterpart"));
}

/**
 * Lists the indexes, triggers and options of namespaces that a profile maps: the application makes its own.
 */
export async function applicationNotCarried(
  { source, pass }: Archived,
  namespaces: readonly SourceNamespace[],
): Promise<Map<string, NotCarried[]>> {
  const found = new Map<string, NotCarried[]>();
  for (const ns of namespaces) {
    const entries =
      kindOfSource(source.manifest) === "mysql" ? await ofTable(pass, ns) : await ofCollection(pass, ns);
    found.set(
      ns.namespace,
      entries.map(([kind, name]) => notCarried(kind, name, "application")),
    );
  }
  return found;
}

/**
 * Lists the objects that belong to no mapped namespace: views, stored programs, users, and the namespaces
 * that a profile leaves at the source.
 */
export async function databasesNotCarried(
  { source, pass }: Archived,
  to: DatabaseKind,
  staying: readonly SourceNamespace[] = [],
): Promise<MadeDatabase[]> {
  const { namespaces, databases = [], source: origin } = source.manifest;
  const isMysql = origin.kind === "mysql";
  const reason = isMysql && to === "mysql" ? "restore-only" : "no-counterpart";
  const names = new Set([...namespaces, ...databases].map(({ database }) => database));
  const found = new Map<string, NotCarried[]>([...names].map((database) => [database, []]));
  for (const { database, kind, collection, change } of namespaces)
    if (kind === "view" && change !== "dropped")
      found.get(database)!.push(notCarried("view", collection, isMysql ? reason : "pipeline"));
  for (const { database, collection } of staying)
    found.get(database)!.push(notCarried(isMysql ? "table" : "collection", collection, "stays"));
  for (const { database, metadata } of databases) {
    const objects = await readDatabaseFile(pass.archive, { metadata }, pass.keys.identities);
    const { procedures, functions, events, sequences, libraries = [] } = objects;
    found
      .get(database)!
      .push(
        ...[...procedures, ...functions].map(({ name }) => notCarried("routine", name, reason)),
        ...events.map(({ name }) => notCarried("event", name, reason)),
        ...sequences.map(({ name }) => notCarried("sequence", name, reason)),
        ...libraries.map(({ name }) => notCarried("library", name, reason)),
        ...(objects.notCarried ?? []).map(({ kind, name }) => ({ kind, name, reason: "not-exported" })),
      );
  }
  return [...found].map(([database, entries]) => ({
    database,
    notCarried: [...entries, notCarried("user", "*", "not-in-archive")],
  }));
}

type Entry = readonly [kind: "index" | "trigger" | "option", name: string];

async function ofTable({ archive, keys }: FolderTask["pass"], ns: SourceNamespace): Promise<Entry[]> {
  const { indexes, triggers } = await readTableFile(archive, ns, keys.identities);
  return [
    ...indexes.filter(({ name }) => name !== "PRIMARY").map(({ name }): Entry => ["index", name]),
    ...triggers.map(({ name }): Entry => ["trigger", name]),
  ];
}

async function ofCollection(pass: FolderTask["pass"], ns: SourceNamespace): Promise<Entry[]> {
  const { indexes, optionsText } = await sourceDefinition(pass, ns);
  return [
    ...indexes.filter(({ name }) => name !== "_id_").map(({ name }): Entry => ["index", name]),
    ...[...textFields(optionsText).keys()].map((name): Entry => ["option", name]),
  ];
}
