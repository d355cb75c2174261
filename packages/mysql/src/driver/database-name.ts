/** The maximum number of letters in a name (MySQL manual, 11.2.1). */
const MAX_LETTERS = 64;

/** The reason why a server rejects a database name, or changes it. */
export type MysqlNameProblem = "empty" | "long" | "space" | "nul" | "four-bytes" | "prefix";

/**
 * Returns why a database of this name cannot be created, or would get another name. MySQL turns an
 * emoji into a question mark, and MariaDB strips `#mysql50#` (tried with 9.7 and 10.11). Undefined
 * for names that stay as they are.
 *
 * @param isMariadb true if the server is MariaDB.
 */
export function databaseNameProblem(name: string, isMariadb: boolean): MysqlNameProblem | undefined {
  if (name === "") return "empty";
  if (Array.from(name).length > MAX_LETTERS) return "long";
  if (name.endsWith(" ")) return "space";
  if (name.includes("\0")) return "nul";
  if (/[\u{10000}-\u{10FFFF}]/u.test(name)) return "four-bytes";
  return isMariadb && name.startsWith("#mysql50#") ? "prefix" : undefined;
}
