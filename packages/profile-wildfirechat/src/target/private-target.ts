/** The form of `_target` in a private chat: the receiver's uid, or both uids as `min|max`. */
export type PrivateForm = "plain" | "pair";

/** Returns both uids of a private chat, the smaller first by UTF-16 units (no collation or code points). */
export function pairOf(one: string, other: string): string {
  return one <= other ? `${one}|${other}` : `${other}|${one}`;
}

/**
 * Returns the uids that a pair can name besides its sender.
 *
 * A uid may contain `|`, so the sender is the known half, and each result forms exactly this pair again. No
 * result: the sender is not in this pair. Two results: uids that end and begin with `|` can be read both
 * ways, and nothing shows which is right.
 */
export function receiversOf(pair: string, sender: string): string[] {
  const found = new Set<string>();
  if (pair.startsWith(`${sender}|`)) found.add(pair.slice(sender.length + 1));
  if (pair.endsWith(`|${sender}`)) found.add(pair.slice(0, pair.length - sender.length - 1));
  return [...found].filter((receiver) => pairOf(sender, receiver) === pair);
}
