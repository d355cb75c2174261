/** A column of an index, and of how many characters (of a binary, bytes) its beginning is, where it is not whole. */
export interface IndexColumn {
  readonly name: string;
  readonly prefix: number | undefined;
}

/** The columns of an index, of one of our own CREATE INDEX statements. */
export function indexColumns(statement: string): IndexColumn[] {
  const list = /^CREATE (?:UNIQUE )?INDEX `(?:[^`]|``)*` ON `(?:[^`]|``)*` (.*)$/s.exec(statement)?.[1] ?? "";
  return [...list.matchAll(/`((?:[^`]|``)+)`(?:\((\d+)\))?/g)].map(([, name = "", prefix]) => ({
    name: name.replaceAll("``", "`"),
    prefix: prefix === undefined ? undefined : Number(prefix),
  }));
}
