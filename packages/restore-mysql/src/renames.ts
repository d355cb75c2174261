import { restoreMysqlFault, type ObjectKind } from "./restore-mysql-faults.ts";

/**
 * Reads `--rename`: returns the new names of databases by their old names.
 *
 * @param names the archive's databases. A name may contain an equals sign, so a rename is split
 * where a known name ends.
 * @throws {FirebreakError} `mysql-rename-wrong`
 */
export function renamesOf(renames: readonly string[], names: readonly string[]): Map<string, string> {
  return new Map(
    renames.map((rename) => {
      const from = names.find((name) => rename.startsWith(`${name}=`) && rename.length > name.length + 1);
      if (from === undefined)
        throw restoreMysqlFault("mysql-rename-wrong", {
          rename,
          why: /.=./s.test(rename) ? "unknown" : "form",
        });
      return [from, rename.slice(from.length + 1)];
    }),
  );
}

/** Matches the pieces of SQL as the server writes it: text in quotes, and names with their qualifiers. */
const PIECES = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`(?:\.`(?:[^`]|``)*`)*/gs;

/**
 * Renames a database in a statement in the server's own spelling, with every name in backticks.
 * Text in quotes stays unchanged.
 */
export function renameDatabase(statement: string, from: string, to: string): string {
  if (from === to) return statement;
  const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\`.`;
  return statement.replaceAll(PIECES, (piece) =>
    piece.startsWith(quoted(from)) ? quoted(to) + piece.slice(quoted(from).length) : piece,
  );
}

/** Returns true if a statement contains a name that is not part of a longer one. */
export function hasName(statement: string, name: string): boolean {
  return statement
    .split(name)
    .some((rest, i, all) => i > 0 && !/[\w$]$/.test(all[i - 1]!) && !/^[\w$]/.test(rest));
}

/** Renames the database in the statement of a stored object, except in its author's own text. */
export function renameStored(kind: ObjectKind, statement: string, from: string, to: string): string {
  switch (kind) {
    case "trigger":
      return renameInTrigger(statement, from, to);
    case "procedure":
    case "function":
      return renameLibraries(statement, from, to);
    case "table":
    case "view":
    case "sequence":
    case "library":
    case "event":
      return statement;
  }
}

/**
 * Matches the head of a routine that is not SQL, up to the libraries that it imports. The server
 * writes it.
 */
const LIBRARIES = /^(CREATE [^$]*?\n {4}LANGUAGE \w+\n(?: {4}[^\n]*\n)*? {4}USING )(\([^\n]*\))(?=\nAS )/;

function renameLibraries(statement: string, from: string, to: string): string {
  return statement.replace(
    LIBRARIES,
    (_, head: string, libraries: string) => head + renameDatabase(libraries, from, to),
  );
}

/**
 * Renames the database in a trigger's statement, which is its author's own text: before the
 * trigger's name and before its table's name, if a database stands there. The body stays unchanged.
 */
export function renameInTrigger(statement: string, from: string, to: string): string {
  if (from === to) return statement;
  const body = /\bFOR\s+EACH\s+ROW\b/i.exec(statement)?.index ?? statement.length;
  const escaped = from.replaceAll(/[\\^$.|+*?()[\]{}]/g, "\\$&");
  const name = `(?:\`${escaped.replaceAll("`", "``")}\`|${escaped})`;
  const before = new RegExp(`(\\b(?:TRIGGER|EXISTS|ON)\\s+)${name}(?=\\s*\\.)`, "gis");
  const quoted = `\`${to.replaceAll("`", "``")}\``;
  return (
    statement.slice(0, body).replaceAll(before, (_, verb: string) => verb + quoted) + statement.slice(body)
  );
}
