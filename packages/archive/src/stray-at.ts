/** The parts of a URL behind its scheme: user and hosts, path, query and fragment (RFC 3986, 3). */
const PARTS = /^[^:/?#]+:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s;

/**
 * The reason that a message gives for such a URL. It quotes nothing, because any piece of the URL may be half
 * a password.
 */
export const STRAY_AT =
  "its user name or password has a character that must be escaped: write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25";

/**
 * Returns true if an `@` is behind the hosts of a database's URL. Then an unescaped character of the password
 * ended the hosts too soon, and a message that quotes the URL would show a part of the password as a host, a
 * database or an option.
 */
export function hasStrayAt(url: string): boolean {
  const [, hosts = "", path = "", query = "", fragment = ""] = PARTS.exec(url) ?? [];
  // An option may have an `@`. But in a URL of ours the query never follows the hosts at once.
  const isQueryOdd = path === "" && hosts !== "";
  return [path, fragment, isQueryOdd ? query : ""].some((part) => part.includes("@"));
}
