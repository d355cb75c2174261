import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";

/** Globs on a database's and a collection's name, both of which have to match. */
export interface GlobHalves {
  readonly database: string;
  readonly collection: string;
}

/**
 * Splits a glob on `db.collection` into pairs of globs: a namespace matches the glob if,
 * and only if, its database and its collection match the globs of one pair.
 *
 * The first dot of a namespace ends the database's name, which has none itself. What
 * stands for that dot in the glob is a dot, a `?`, or a `*`, which then goes on behind it.
 */
export function globHalves(glob: string): GlobHalves[] {
  const halves: GlobHalves[] = [];
  for (const { 0: letter, index } of glob.matchAll(/[.?*]/g)) {
    const isRun = letter === "*";
    const database = glob.slice(0, isRun ? index + 1 : index);
    const collection = glob.slice(isRun ? index : index + 1);
    // No name is empty, and MongoDB takes an expression for the empty one as one for a name that is missing.
    if (database !== "" && collection !== "") halves.push({ database, collection });
    if (letter === ".") break;
  }
  return halves;
}

/** Tells a glob that every name matches. */
export function isEveryName(glob: string): boolean {
  return /^\*+$/.test(glob);
}

/**
 * The test for a database of which only the name is known: false where the filter
 * wants none of its collections, whatever their names are.
 */
export function databaseTest(filter: NamespaceFilter): (database: string) => boolean {
  const { include, exclude } = databaseGlobs(filter);
  const isIncluded = namespaceTest({ include, exclude: [] });
  const isExcluded = namespaceTest({ include: exclude, exclude: [] });
  return (database) =>
    (filter.include.length === 0 || (include.length > 0 && isIncluded(database))) &&
    !(exclude.length > 0 && isExcluded(database));
}

/** Globs on databases: of those that may have something wanted, and of those that have nothing. */
export function databaseGlobs({ include, exclude }: NamespaceFilter): NamespaceFilter {
  return {
    include: include.flatMap(globHalves).map(({ database }) => database),
    exclude: exclude
      .flatMap(globHalves)
      .filter(({ collection }) => isEveryName(collection))
      .map(({ database }) => database),
  };
}
