/**
 * Tells how an application's documents belong together, so that a part of them can be whole: members of groups, each
 * with an integer of its own, and documents that refer to a member.
 */
export interface DocumentGroups {
  /** Returns the role of a collection. Undefined if its documents stand alone. */
  roleOf(collection: string): GroupRole | undefined;
}

export type GroupRole =
  /** Documents with equal values in the fields `groupedBy` are a group. */
  | { readonly kind: "member"; readonly groupedBy: readonly string[]; readonly key: string }
  /** Each document refers to the member whose key it has in a field. */
  | { readonly kind: "reference"; readonly field: string };
