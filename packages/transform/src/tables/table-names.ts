import { createHash } from "node:crypto";

const MAX_NAME_CHARACTERS = 64;

/** A collection and the table that it becomes. */
export interface NamedTable {
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
}

/**
 * Gives each collection a table. It gets its own name if MySQL accepts it and no other of the same database
 * differs only in case. Otherwise a hash makes the shortened name unique.
 */
export function nameTables(
  namespaces: readonly { namespace: string; database: string; collection: string }[],
): NamedTable[] {
  const folded = new Map<string, number>();
  const fold = (database: string, name: string): string => JSON.stringify([database, name.toLowerCase()]);
  for (const { database, collection } of namespaces)
    folded.set(fold(database, collection), (folded.get(fold(database, collection)) ?? 0) + 1);
  return namespaces.map(({ namespace, database, collection }) => {
    const isOwn = isTableName(collection) && folded.get(fold(database, collection)) === 1;
    return { namespace, database, table: isOwn ? collection : hashedName(collection) };
  });
}

/**
 * True if a table may have the name. Table names become file names on the server: only the basic plane, no
 * slash, no backslash, no white space at the end (manual, 11.2 and 11.2.4). `firebreak_…` belongs to
 * Firebreak.
 */
function isTableName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME_CHARACTERS || /^firebreak_/i.test(name)) return false;
  return !/[/\\\u0000-\u001f\uD800-\uDFFF\uFFFE\uFFFF]|[\s.]$/.test(name);
}

function hashedName(name: string): string {
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 12);
  const stem = name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, MAX_NAME_CHARACTERS - 13);
  return `${stem}_${hash}`;
}
