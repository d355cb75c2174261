/** What tells apart rows of one key: equal twins are one thing written twice. */
export interface Twin {
  /**
   * MySQL's AUTO_INCREMENT: a higher one was written later. Of a hybrid's documents
   * of one `_id` in two collections the one in the right place has 1 and the other 0.
   */
  readonly id: bigint;
  /** What must be equal in twins, as text: see `messageIdentity` and `userMessageIdentity`. */
  readonly identity: string;
}

export type Collapse<T extends Twin> =
  /** The row with the highest `id` stays, the others are collapsed into it. */
  | { readonly kind: "collapsed"; readonly kept: T; readonly others: readonly T[] }
  /** Several things under one key: none can be told to be the right one. */
  | { readonly kind: "conflict"; readonly rows: readonly T[] };

/** Settles the rows of one key, which is unique in MongoDB and may not be in MySQL. At least one row. */
export function collapse<T extends Twin>(rows: readonly T[]): Collapse<T> {
  const [first] = rows;
  let kept = first!;
  for (const row of rows) {
    if (row.identity !== kept.identity) return { kind: "conflict", rows };
    if (row.id > kept.id) kept = row;
  }
  return { kind: "collapsed", kept, others: rows.filter((row) => row !== kept) };
}

/** Rows of one `_mid` are one message where sender, type and target agree. */
export function messageIdentity(from: string, type: bigint, target: string): string {
  return JSON.stringify([from, String(type), target]);
}

/** Rows of one `(_uid, _seq)` are one entry where they name one message; `_mid` alone repeats by design. */
export function userMessageIdentity(mid: bigint): string {
  return String(mid);
}
