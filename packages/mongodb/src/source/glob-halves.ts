import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";

/** Globs for a database's and a collection's name. Both have to match. */
export interface GlobHalves {
  readonly database: string;
  readonly collection: string;
}

/**
 * Splits a glob on `db.collection` into pairs of globs: a namespace matches the glob if, and only if, its
 * database and its collection match the globs of one pair.
 *
 * The first dot of a namespace ends the database's name, which has no dot itself. In the glob that dot is
 * matched by a dot, a `?`, or a `*`, and a `*` may match further characters after it.
 */
export function globHalves(glob: string): GlobHalves[] {
  const halves: GlobHalves[] = [];
  for (const { 0: letter, index } of glob.matchAll(/[.?*]/g)) {
    const isRun = letter === "*";
    const database = glob.slice(0, isRun ? index + 1 : index);
    const collection = glob.slice(isRun ? index : index + 1);
    // No name is empty, and to MongoDB an expression for the empty name also matches a missing name.
    if (database !== "" && collection !== "") halves.push({ database, collection });
    if (letter === ".") break;
  }
  return halves;
}

/** True if the glob matches every name. */
export function isEveryName(glob: string): boolean {
  return /^\*+$/.test(glob);
}

/**
 * Returns a test for databases of which only the name is known. It is false if the filter excludes every
 * collection of the database, whatever its name.
 */
export function databaseTest(filter: NamespaceFilter): (database: string) => boolean {
  const { include, exclude } = databaseGlobs(filter);
  const isIncluded = namespaceTest({ include, exclude: [] });
  const isExcluded = namespaceTest({ include: exclude, exclude: [] });
  return (database) =>
    (filter.include.length === 0 || (include.length > 0 && isIncluded(database))) &&
    !(exclude.length > 0 && isExcluded(database));
}

/** Returns globs for databases: `include` where some collection may be wanted, `exclude` where none is. */
export function databaseGlobs({ include, exclude }: NamespaceFilter): NamespaceFilter {
  return {
    include: include.flatMap(globHalves).map(({ database }) => database),
    exclude: exclude
      .flatMap(globHalves)
      .filter(({ collection }) => isEveryName(collection))
      .map(({ database }) => database),
  };
}
