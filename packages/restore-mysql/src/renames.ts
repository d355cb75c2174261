import { restoreMysqlFault } from "./restore-mysql-faults.ts";

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
