import { sha256Of } from "@firebreak/archive";

/**
 * MongoDB's limits (manual, "MongoDB Limits and Thresholds"): bytes of a database name and `db.collection`.
 */
const MAX_DATABASE_BYTES = 63;
const MAX_NAMESPACE_BYTES = 255;

/** The most bytes of a collection's name. It leaves room for the longest database name in the target. */
const MAX_COLLECTION_BYTES = MAX_NAMESPACE_BYTES - MAX_DATABASE_BYTES - 1;

/** The characters that a hashed name keeps of the original. With its hash, a database's name still fits. */
const STEM = MAX_DATABASE_BYTES - 13;

/** The databases that every MongoDB keeps for itself. */
const OWN_DATABASES = new Set(["admin", "config", "local"]);

/** The characters that a database's name must not have on any platform (manual, as above). */
const DATABASE_FORBIDDEN = /[/\\. "$*<>:|?\0]/;

/** The collection that gets a table's documents. */
export interface NamedCollection {
  readonly database: string;
  readonly collection: string;
}

/** A table, and the collection that its comment names, if any. */
export interface TableToName {
  readonly database: string;
  readonly table: string;
  readonly wanted: string | undefined;
  /** In a delta: the collection that the table already has. */
  readonly existing?: NamedCollection | undefined;
}

/**
 * Gives each table a collection, in their order: the collection that it was made of, otherwise one of its
 * own name. A name becomes unique by a hash, as table names do, if MongoDB does not accept it or several
 * tables would have it (for example copies of one table).
 */
export function nameCollections(tables: readonly TableToName[]): NamedCollection[] {
  const databases = nameDatabases(new Set(tables.map((t) => t.database)));
  const placed = tables.map((t) => t.existing?.database ?? databases.get(t.database)!);
  const isAlone = aloneAmong(
    placed,
    tables.map(({ table, wanted, existing }) => existing?.collection ?? wanted ?? table),
  );
  const names = tables.map(
    ({ table, wanted, existing }, i) => existing?.collection ?? (isAlone[i] ? (wanted ?? table) : table),
  );
  const isUnique = aloneAmong(placed, names);
  return tables.map(({ table, existing }, i) => {
    if (existing !== undefined) return { database: existing.database, collection: existing.collection };
    const isOwn = isUnique[i] && isCollectionName(names[i]!);
    const name = isUnique[i] ? names[i]! : table;
    return { database: placed[i]!, collection: isOwn ? name : hashedName(name) };
  });
}

/** Returns, for each name, true if no other name of its database is equal. */
function aloneAmong(databases: readonly string[], names: readonly string[]): boolean[] {
  const keys = names.map((name, i) => JSON.stringify([databases[i]!, name]));
  const count = new Map<string, number>();
  for (const key of keys) count.set(key, (count.get(key) ?? 0) + 1);
  return keys.map((key) => count.get(key) === 1);
}

/** Names the databases. Two that differ only in case cannot exist side by side. */
function nameDatabases(names: ReadonlySet<string>): Map<string, string> {
  const folded = new Map<string, number>();
  for (const name of names) folded.set(name.toLowerCase(), (folded.get(name.toLowerCase()) ?? 0) + 1);
  return new Map(
    [...names].map((name) => {
      const isOwn = isDatabaseName(name) && folded.get(name.toLowerCase()) === 1;
      return [name, isOwn ? name : hashedName(name)];
    }),
  );
}

function isDatabaseName(name: string): boolean {
  const isFree = name !== "" && !OWN_DATABASES.has(name.toLowerCase());
  return isFree && !DATABASE_FORBIDDEN.test(name) && Buffer.byteLength(name) <= MAX_DATABASE_BYTES;
}

/** True if a collection may have the name. `system.…` belongs to the server, `firebreak_…` to Firebreak. */
function isCollectionName(name: string): boolean {
  if (name === "" || name.startsWith(".") || /[$\0]/.test(name) || /^(?:system\.|firebreak_)/i.test(name))
    return false;
  return Buffer.byteLength(name) <= MAX_COLLECTION_BYTES;
}

function hashedName(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, STEM)}_${sha256Of(name).slice(0, 12)}`;
}
