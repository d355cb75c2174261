/** The parts of a URL behind its scheme: user and hosts, path, query and fragment (RFC 3986, 3). */
const PARTS = /^[^:/?#]+:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s;

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
