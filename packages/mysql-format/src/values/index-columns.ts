/**
 * A column of an index. `prefix` is the number of characters (in a binary column, bytes) that the index uses
 * of its beginning; undefined if it uses the whole value.
 */
export interface IndexColumn {
  readonly name: string;
  readonly prefix: number | undefined;
  readonly isDescending: boolean;
}

/** Returns the columns of an index from a CREATE INDEX statement that transform wrote. */
export function indexColumns(statement: string): IndexColumn[] {
  const list = /^CREATE (?:UNIQUE )?INDEX `(?:[^`]|``)*` ON `(?:[^`]|``)*` (.*)$/s.exec(statement)?.[1] ?? "";
  return [...list.matchAll(/`((?:[^`]|``)+)`(?:\((\d+)\))?( DESC)?/g)].map(
    ([, name = "", prefix, descending]) => ({
      name: name.replaceAll("``", "`"),
      prefix: prefix === undefined ? undefined : Number(prefix),
      isDescending: descending !== undefined,
    }),
  );
}
