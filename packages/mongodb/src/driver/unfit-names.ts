/** Limits of names in bytes (manual, "MongoDB Limits and Thresholds"; the namespace's since 4.4). */
const MAX_DATABASE_BYTES = 63;
const MAX_NAMESPACE_BYTES = 255;

/** The reason why a server refuses a name. */
export type NameProblem = "database-letters" | "database-long" | "collection-letters" | "namespace-long";

/**
 * Returns the reason why servers refuse a collection's name. Undefined if they accept it.
 *
 * Servers on Windows refuse more: `*<>:|?` in a database's name.
 */
export function nameProblem({
  database,
  collection,
}: {
  readonly database: string;
  readonly collection: string;
}): NameProblem | undefined {
  if (database === "" || /[/\\. "$\0]/.test(database)) return "database-letters";
  if (Buffer.byteLength(database) > MAX_DATABASE_BYTES) return "database-long";
  if (collection === "" || collection.startsWith(".") || /[$\0]|\.system\./.test(collection))
    return "collection-letters";
  const isLong = Buffer.byteLength(`${database}.${collection}`) > MAX_NAMESPACE_BYTES;
  return isLong ? "namespace-long" : undefined;
}

/** Two database names that differ only in upper and lower case. A server takes only one of them. */
export interface CaseTwins {
  readonly database: string;
  readonly other: string;
}

/**
 * Returns the databases that a server would refuse to create, each with the one that is in its way.
 *
 * @param existing names of the server's databases, as far as the server lists them.
 */
export function caseTwins(wanted: readonly string[], existing: readonly string[]): CaseTwins[] {
  return wanted.flatMap((database, i) => {
    const isTwin = (name: string): boolean =>
      name !== database && name.toLowerCase() === database.toLowerCase();
    const other = existing.find(isTwin) ?? wanted.slice(0, i).find(isTwin);
    return other === undefined ? [] : [{ database, other }];
  });
}
