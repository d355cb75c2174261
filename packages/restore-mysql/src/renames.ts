import { restoreMysqlFault, type ObjectKind } from "./restore-mysql-faults.ts";

/**
 * What `--rename` calls databases.
 *
 * @param names of the archive's databases. One may have an equals sign in it: it divides where a known name ends.
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

/** A piece of SQL as the server writes it: text in quotes, a name with its point, or anything else. */
const PIECES = /'(?:[^'\\]|\\.|'')*'|`(?:[^`]|``)*`(?:\.`(?:[^`]|``)*`)*/gs;

/**
 * A statement that the server has put into its own spelling, every name in
 * backticks, with another name for a database. What stands in quotes stays.
 */
export function renameDatabase(statement: string, from: string, to: string): string {
  if (from === to) return statement;
  const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\`.`;
  return statement.replaceAll(PIECES, (piece) =>
    piece.startsWith(quoted(from)) ? quoted(to) + piece.slice(quoted(from).length) : piece,
  );
}

/** Whether a statement has a name in it, which is not a part of a longer one. */
export function hasName(statement: string, name: string): boolean {
  return statement
    .split(name)
    .some((rest, i, all) => i > 0 && !/[\w$]$/.test(all[i - 1]!) && !/^[\w$]/.test(rest));
}

/** The statement of something stored, with another name for its database wherever that is not the person's own text. */
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

/** The head of a routine that is not SQL, up to the libraries that it imports; the server writes it. */
const LIBRARIES = /^(CREATE [^$]*?\n {4}LANGUAGE \w+\n(?: {4}[^\n]*\n)*? {4}USING )(\([^\n]*\))(?=\nAS )/;

function renameLibraries(statement: string, from: string, to: string): string {
  return statement.replace(
    LIBRARIES,
    (_, head: string, libraries: string) => head + renameDatabase(libraries, from, to),
  );
}

/**
 * A trigger's statement, which is the person's own text, with another database
 * before its name and before its table's, where one stands there. Its body stays.
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
