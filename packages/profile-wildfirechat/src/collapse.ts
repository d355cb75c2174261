import type { DuplicateDecision, PossibleDuplicate } from "@firebreak/transform";

/** A row or document in a comparison with others of its key. Equal ones are one thing written twice. */
export interface Duplicate {
  /**
   * MySQL's AUTO_INCREMENT: a higher one was written later. For a hybrid's documents with the same `_id` in
   * two collections it is 1 in the right place and 0 in the other.
   */
  readonly id: bigint;
  /** The values that are equal in duplicates, as text: see `messageIdentity` and `userMessageIdentity`. */
  readonly identity: string;
}

export type Collapse<T extends Duplicate> =
  /** The row with the highest `id` stays, the others are collapsed into it. */
  | { readonly kind: "collapsed"; readonly kept: T; readonly others: readonly T[] }
  /** Several things have the same key, and nothing shows which is the right one. */
  | { readonly kind: "conflict"; readonly rows: readonly T[] };

/** Decides between one or more rows of one key, which is unique in MongoDB and may not be in MySQL. */
export function collapse<T extends Duplicate>(rows: readonly T[]): Collapse<T> {
  const [first] = rows;
  let kept = first!;
  for (const row of rows) {
    if (row.identity !== kept.identity) return { kind: "conflict", rows };
    if (row.id > kept.id) kept = row;
  }
  return { kind: "collapsed", kept, others: rows.filter((row) => row !== kept) };
}

/** Decides between lines of one key as `collapse` does. @param field the field to blame for a conflict. */
export function decideDuplicates(duplicates: readonly PossibleDuplicate[], field: string): DuplicateDecision {
  const found = collapse(duplicates.map(({ rank, identity }, place) => ({ id: rank, identity, place })));
  return found.kind === "collapsed"
    ? { kept: found.kept.place, others: { kind: "collapsed" } }
    : { kept: undefined, others: { kind: "quarantine", reason: "key-conflict", field } };
}

/** Returns an identity for rows of one `_mid`: one message if sender, type and target are equal. */
export function messageIdentity(from: string, type: bigint | string, target: string): string {
  return JSON.stringify([from, String(type), target]);
}

/**
 * Returns an identity for rows with the same `(_uid, _seq)`: they are one entry if they name the same
 * message. A `_mid` alone may occur in many rows by design.
 */
export function userMessageIdentity(mid: bigint | string): string {
  return String(mid);
}
