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

function globExpression(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
}
