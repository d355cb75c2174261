import { z } from "zod";

/** The kinds of objects that a source has besides documents and rows. */
export type NotCarriedKind =
  | "index"
  | "option"
  | "view"
  | "user"
  | "routine"
  | "trigger"
  | "event"
  | "library"
  | "package"
  | "sequence"
  | "collection"
  | "table";

/** A reason why something of the source is not in the target, or not as it was. */
export type NotCarriedReason =
  /** The kind of target has nothing like it. */
  | "no-counterpart"
  /** The view belongs to a collection and is a pipeline. */
  | "pipeline"
  /** `restore` makes it again from the archive; load does not. */
  | "restore-only"
  /** The table became a collection, whose options keep its statement. */
  | "kept-in-options"
  | "not-in-archive"
  /** The user who read the source sees none, but there may be some; `detail` is the grant that shows them. */
  | "unseen"
  /** The source names it, but hides its statement or rows from the user; `detail` is the missing grant. */
  | "forbidden"
  /** The source could not show or read it; `detail` is the server's message. */
  | "server-refused"
  /** The source has it, and this version carries no such kind. */
  | "kind-not-carried"
  /** It was dropped or renamed during its export: the archive has the part that was read before. */
  | "dropped-amid"
  /** It was dropped or renamed before the moment of the archive. */
  | "dropped-before"
  /** The archive does not have it, for one of the reasons from `unseen` to `kind-not-carried`. */
  | "not-exported"
  /** The application of the profile makes its own. */
  | "application"
  /** A profile leaves it at the source, where it stays in use. */
  | "stays"
  /** The kind of index; `detail` names it. */
  | "index-kind"
  /** `detail` is the field, or the column. */
  | "no-column"
  | "inside-document"
  | "holds-documents"
  | "generated"
  | "prefix"
  | "name-unfit"
  | "expression"
  /** `detail` is the greatest number possible. */
  | "too-many-fields"
  | "too-many-indexes"
  /** `detail` is the index that does its work. */
  | "same-as"
  /** A delta leaves a table that it changes with the indexes that it has. */
  | "link-before"
  /** The table is made by its source's own statement, and has the indexes of that statement. */
  | "own-statement"
  /** The server does not accept it, because it has another version than the one it comes from. */
  | "not-taken"
  /** It is there except for an option that the server does not accept; `detail` names it. */
  | "without-option"
  /** It is there with another collation, by `--collation-map`; `detail` names that collation. */
  | "collation-mapped"
  /** The person left it out with `--no-indexes`. */
  | "not-asked"
  /** The index is there, but does less than at the source. */
  | "not-unique"
  | "no-expiry"
  | "folds-letters";

/** Something of a namespace or database that the target does not get as it was. */
export const notCarriedSchema = z.object({
  /** A `NotCarriedKind`, and `reason` is a `NotCarriedReason`; later versions may know others. */
  kind: z.string(),
  /** `*` means all of a kind whose names the archive does not know. */
  name: z.string(),
  reason: z.string(),
  detail: z.string().optional(),
});
export type NotCarried = z.infer<typeof notCarriedSchema>;

/** The objects of a database that belong to none of its namespaces. */
export const databaseSchema = z.object({ database: z.string(), notCarried: z.array(notCarriedSchema) });
export type MadeDatabase = z.infer<typeof databaseSchema>;

/**
 * Returns true if an export lacks an object that it knows by name, because the source did not show it, or did
 * not have it any longer.
 */
export function isWithheld({ reason }: NotCarried): boolean {
  return WITHHELD.has(reason);
}

const WITHHELD: ReadonlySet<string> = new Set<NotCarriedReason>([
  "forbidden",
  "server-refused",
  "dropped-amid",
  "dropped-before",
]);

/** Makes an entry with a kind and a reason for which this version has texts. */
export function notCarried(
  kind: NotCarriedKind,
  name: string,
  reason: NotCarriedReason,
  detail?: string,
): NotCarried {
  return { kind, name, reason, ...(detail === undefined ? {} : { detail }) };
}
