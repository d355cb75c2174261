import { closest } from "fastest-levenshtein";
import { archiveFault } from "./archive-faults.ts";

/** Which namespaces are wanted: globs on `db.collection`, where `*` is any run of letters and `?` any one. */
export interface NamespaceFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** The test that a filter's globs make; no include glob means every namespace. */
export function namespaceTest({ include, exclude }: NamespaceFilter): (namespace: string) => boolean {
  const included = include.map(globExpression);
  const excluded = exclude.map(globExpression);
  return (namespace) =>
    (included.length === 0 || included.some((g) => g.test(namespace))) &&
    !excluded.some((g) => g.test(namespace));
}

/** Tells whether at least one glob matches none of these names. */
export function hasIdle(include: readonly string[], names: readonly string[]): boolean {
  return include.map(globExpression).some((expression) => !names.some((name) => expression.test(name)));
}

/**
 * Sees that each include glob takes something: a misspelt one beside others would leave out what it was meant for.
 *
 * @param names all that there are, whatever else the filter says.
 * @param place where they are, for the message.
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
