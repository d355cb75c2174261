import {
  namespaceTest,
  objectNames,
  readDatabaseFile,
  readTableFile,
  refuseIdle,
  sha256Of,
  type SourceDatabase,
  type SourceManifest,
  type SourceNamespace,
  type SourceTable,
  type StoredObject,
} from "@firebreak/archive";
import {
  addUsesOfDatabase,
  addUsesOfTable,
  type CollationMap,
  collationMapOf,
  type CollationUses,
  mapDatabase,
  mapTable,
} from "./collation-map.ts";
import { renamesOf } from "./renames.ts";
import { restoreMysqlFault } from "./restore-mysql-faults.ts";

/** The part of an archive to restore, and the place to restore it to. */
export interface RestoreSettings {
  readonly archive: string;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** Globs on the archive's `database.name`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** `db=db`. */
  readonly renames: readonly string[];
  /** `FROM=TO`. */
  readonly collations: readonly string[];
}

/** A table or view, and the database that it goes to. */
export interface PlannedTable {
  readonly source: SourceNamespace;
  readonly database: string;
  readonly name: string;
  readonly definition: SourceTable;
}

/** A database of the archive, as it is restored. */
export interface PlannedDatabase {
  readonly source: string;
  readonly database: string;
  /** Undefined if the archive does not list the objects besides tables. */
  readonly objects: SourceDatabase | undefined;
}

export interface RestorePlan {
  readonly tables: readonly PlannedTable[];
  readonly views: readonly PlannedTable[];
  readonly databases: readonly PlannedDatabase[];
  /** Returns the target's name for a database of the archive. */
  readonly databaseOf: (source: string) => string;
  readonly isWanted: (namespace: string) => boolean;
  /** The kind of server that the archive comes from, if the archive says so. */
  readonly sourceServer: "mysql" | "mariadb" | undefined;
  readonly collationMap: CollationMap;
  /** The uses of collations in what is restored, after the map has replaced some. */
  readonly collationUses: CollationUses;
  /** The uses that the map replaces, by the archive's collations. */
  readonly mappedUses: CollationUses;
  /** A hash of the archive and the settings, which tells this restore from others. */
  readonly identity: string;
}

/**
 * Reads the contents of a MySQL archive, and plans where each object goes.
 *
 * @param urlDatabase the URL's database: everything without a rename goes there.
 * @throws {FirebreakError} `mysql-restore-nothing`, `mysql-rename-wrong`, `collation-map-wrong`, or
 * any code of archive.
 */
export async function planRestore(
  settings: RestoreSettings,
  manifest: SourceManifest,
  manifestSha256: string,
  urlDatabase: string | undefined,
): Promise<RestorePlan> {
  const { archive, identities, include, exclude, renames, collations } = settings;
  const collationMap = collationMapOf(collations);
  const archived: CollationUses = new Map();
  const collationUses: CollationUses = new Map();
  const isWanted = namespaceTest({ include, exclude });
  const listed = manifest.databases ?? [];
  const names = [...new Set([...manifest.namespaces, ...listed].map((n) => n.database))].sort();
  const renamed = renamesOf(renames, names);
  const databaseOf = (source: string): string => renamed.get(source) ?? urlDatabase ?? source;
  const selected = manifest.namespaces.filter((n) => isWanted(n.namespace));
  const databases: PlannedDatabase[] = [];
  const allNames = manifest.namespaces.map((n) => n.namespace);
  for (const name of names) {
    const entry = listed.find((d) => d.database === name);
    const all = entry === undefined ? undefined : await readDatabaseFile(archive, entry, identities);
    const objects = all === undefined ? undefined : wantedOf(all, isWanted);
    if (all !== undefined) allNames.push(...objectNames(all));
    const isEmpty = !selected.some((n) => n.database === name) && (objects === undefined || !hasAny(objects));
    // An empty database is restored if the globs accept whatever it might have.
    if (isEmpty && !isWanted(`${name}.`)) continue;
    if (objects !== undefined) addUsesOfDatabase(archived, objects);
    const mapped = objects === undefined ? undefined : mapDatabase(objects, collationMap);
    if (mapped !== undefined) addUsesOfDatabase(collationUses, mapped);
    databases.push({ source: name, database: databaseOf(name), objects: mapped });
  }
  if (databases.length === 0) throw restoreMysqlFault("mysql-restore-nothing", { archive, include, exclude });
  refuseIdle(include, allNames, archive);
  const planned: PlannedTable[] = [];
  for (const source of selected) {
    const table = await readTableFile(archive, source, identities);
    const definition = mapTable(table, collationMap);
    addUsesOfTable(archived, source.namespace, table);
    addUsesOfTable(collationUses, source.namespace, definition);
    planned.push({ source, database: databaseOf(source.database), name: source.collection, definition });
  }
  const idle = [...collationMap].find(([from]) => !archived.has(from));
  if (idle !== undefined)
    throw restoreMysqlFault("collation-map-wrong", { pair: idle.join("="), why: "unknown" });
  return {
    tables: planned.filter((p) => p.source.kind !== "view"),
    views: planned.filter((p) => p.source.kind === "view"),
    databases,
    databaseOf,
    isWanted,
    sourceServer: kindOf(manifest.run.server),
    collationMap,
    collationUses,
    mappedUses: new Map([...archived].filter(([from]) => collationMap.has(from))),
    identity: sha256Of(
      JSON.stringify({
        manifestSha256,
        include,
        exclude,
        renames,
        urlDatabase,
        ...(collationMap.size === 0 ? {} : { collations: [...collationMap] }),
      }),
    ),
  };
}

function kindOf(server: string | undefined): RestorePlan["sourceServer"] {
  if (server === undefined) return undefined;
  return server.startsWith("MariaDB") ? "mariadb" : "mysql";
}

function wantedOf(all: SourceDatabase, isWanted: (namespace: string) => boolean): SourceDatabase {
  const ofThese = <T extends { readonly name: string }>(objects: readonly T[]): T[] =>
    objects.filter(({ name }) => isWanted(`${all.database}.${name}`));
  return {
    ...all,
    procedures: ofThese(all.procedures),
    functions: ofThese(all.functions),
    events: ofThese(all.events),
    sequences: ofThese(all.sequences),
    libraries: ofThese(all.libraries ?? []),
  };
}

function hasAny(database: SourceDatabase): boolean {
  return objectNames(database).length > 1;
}

/** Lists the objects of a database that have a body, in an order in which they can be created. */
export function storedObjects(
  objects: SourceDatabase | undefined,
): (readonly ["library" | "function" | "procedure" | "event", StoredObject])[] {
  if (objects === undefined) return [];
  const { libraries = [], functions, procedures, events } = objects;
  return [
    // A routine that imports a library can be created only after it.
    ...libraries.map((o) => ["library", o] as const),
    ...functions.map((o) => ["function", o] as const),
    ...procedures.map((o) => ["procedure", o] as const),
    ...events.map((o) => ["event", o] as const),
  ];
}

/** Returns the URL of a server without a database, since the plan says where each object goes. */
export function serverUrl(url: string): string {
  const parsed = URL.parse(url);
  // The code that connects reports what is wrong with the URL.
  if (parsed === null) return url;
  parsed.pathname = "/";
  return parsed.href;
}
