import { sha256Of } from "@firebreak/archive";

/** Limits of MongoDB (manual, "MongoDB Limits and Thresholds"): bytes of a database's name, and of `db.collection`. */
const MAX_DATABASE_BYTES = 63;
const MAX_NAMESPACE_BYTES = 255;

/** Room for the database, whatever it is called in the target. */
const MAX_COLLECTION_BYTES = MAX_NAMESPACE_BYTES - MAX_DATABASE_BYTES - 1;

/** Letters that a hashed name has of the original: with its hash a database's fits. */
const STEM = MAX_DATABASE_BYTES - 13;

/** Databases that every MongoDB has for itself. */
const OWN_DATABASES = new Set(["admin", "config", "local"]);

/** What a database's name must not have on any platform (manual, as above). */
const DATABASE_FORBIDDEN = /[/\\. "$*<>:|?\0]/;

/** What becomes of a table: the place that it takes its documents to. */
export interface NamedCollection {
  readonly database: string;
  readonly collection: string;
}

/** A table, and the collection that its comment names, if it does. */
export interface TableToName {
  readonly database: string;
  readonly table: string;
  readonly wanted: string | undefined;
  /** Of a delta: what it is called already. */
  readonly given?: NamedCollection | undefined;
}

/**
 * Gives each table a collection, in the order given: the one it was made of, else
 * one of its own name. Names that MongoDB does not take, or that several tables
 * would have (copies of one table, say), are made unique with a hash, as table names are.
 */
export function nameCollections(tables: readonly TableToName[]): NamedCollection[] {
  const databases = nameDatabases(new Set(tables.map((t) => t.database)));
  const placed = tables.map((t) => t.given?.database ?? databases.get(t.database)!);
  const isAlone = aloneAmong(
    placed,
    tables.map(({ table, wanted, given }) => given?.collection ?? wanted ?? table),
  );
  const names = tables.map(
    ({ table, wanted, given }, i) => given?.collection ?? (isAlone[i] ? (wanted ?? table) : table),
  );
  const isUnique = aloneAmong(placed, names);
  return tables.map(({ table, given }, i) => {
    if (given !== undefined) return { database: given.database, collection: given.collection };
    const isOwn = isUnique[i] && isCollectionName(names[i]!);
    const name = isUnique[i] ? names[i]! : table;
    return { database: placed[i]!, collection: isOwn ? name : hashedName(name) };
  });
}

/** For each name, whether no other of its database is the same. */
function aloneAmong(databases: readonly string[], names: readonly string[]): boolean[] {
  const keys = names.map((name, i) => JSON.stringify([databases[i]!, name]));
  const count = new Map<string, number>();
  for (const key of keys) count.set(key, (count.get(key) ?? 0) + 1);
  return keys.map((key) => count.get(key) === 1);
}

/** Databases whose names differ by case alone cannot be beside each other. */
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

/** `system.…` are the server's, `firebreak_…` are ours. */
function isCollectionName(name: string): boolean {
  if (name === "" || name.startsWith(".") || /[$\0]/.test(name) || /^(?:system\.|firebreak_)/i.test(name))
    return false;
  return Buffer.byteLength(name) <= MAX_COLLECTION_BYTES;
}

function hashedName(name: string): string {
  return `${name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, STEM)}_${sha256Of(name).slice(0, 12)}`;
}
