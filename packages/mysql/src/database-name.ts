/** Letters of a name (MySQL manual, 11.2.1). */
const MAX_LETTERS = 64;

/** Why a server does not take a name for a database, or makes another of it. */
export type MysqlNameProblem = "empty" | "long" | "space" | "nul" | "four-bytes" | "prefix";

/**
 * Returns why a database of this name cannot be made, or would get another name: of
 * an emoji MySQL makes a question mark, and MariaDB takes `#mysql50#` off (tried with
 * 9.7 and 10.11). Undefined for names that are kept as they are.
 *
 * @param isMariadb whether the server is one.
 */
export function databaseNameProblem(name: string, isMariadb: boolean): MysqlNameProblem | undefined {
  if (name === "") return "empty";
  if (Array.from(name).length > MAX_LETTERS) return "long";
  if (name.endsWith(" ")) return "space";
  if (name.includes("\0")) return "nul";
  if (/[\u{10000}-\u{10FFFF}]/u.test(name)) return "four-bytes";
  return isMariadb && name.startsWith("#mysql50#") ? "prefix" : undefined;
}
