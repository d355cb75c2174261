import { closest } from "fastest-levenshtein";
import { archiveFault } from "./archive-faults.ts";

/** A choice of namespaces: globs on `db.collection`, where `*` is any run of letters and `?` any one. */
export interface NamespaceFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Makes the test for a filter's globs; without include globs every namespace passes. */
export function namespaceTest({ include, exclude }: NamespaceFilter): (namespace: string) => boolean {
  const included = include.map(globExpression);
  const excluded = exclude.map(globExpression);
  return (namespace) =>
    (included.length === 0 || included.some((g) => g.test(namespace))) &&
    !excluded.some((g) => g.test(namespace));
}

/** Returns true if at least one glob matches none of these names. */
export function hasIdle(include: readonly string[], names: readonly string[]): boolean {
  return include.map(globExpression).some((expression) => !names.some((name) => expression.test(name)));
}

/**
 * Refuses an include glob that matches nothing. Beside globs that match, a misspelt one would silently leave
 * out its namespaces.
 *
 * @param names all names that exist, whatever else the filter says.
 * @param place the place of these names, for the message.
 * @throws {FirebreakError} `include-idle`, with the name that is most like the glob.
 */
export function refuseIdle(include: readonly string[], names: readonly string[], place: string): void {
  for (const glob of include) {
    const expression = globExpression(glob);
    if (names.some((name) => expression.test(name))) continue;
    const nearest = names.length === 0 ? undefined : closest(glob, names);
    throw archiveFault("include-idle", { glob, place, nearest });
  }
}

function globExpression(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
}
