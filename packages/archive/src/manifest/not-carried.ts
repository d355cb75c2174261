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

/** Why something of the source is not in the target, or not as it was. */
export type NotCarriedReason =
  /** The kind of target has nothing like it. */
  | "no-counterpart"
  /** Of a collection's view, which is a pipeline. */
  | "pipeline"
  /** `restore` makes it again from the archive, and load does not. */
  | "restore-only"
  /** Of a table that became a collection: its statement is kept in the collection's options. */
  | "kept-in-options"
  | "not-in-archive"
  /** The user who read the source sees no such thing, and there may be some; `detail` is the grant that shows them. */
  | "unseen"
  /** The source names it and hides its statement or rows from the user; `detail` is the grant that shows them. */
  | "forbidden"
  /** The source could not show or read it; `detail` is the server's message. */
  | "server-refused"
  /** The source has it, and this version carries no such kind. */
  | "kind-not-carried"
  /** It was dropped or renamed while it was exported: the archive has what was read before. */
  | "dropped-amid"
  /** It was dropped or renamed before the moment that the archive is of. */
  | "dropped-before"
  /** The archive does not have it, for one of the four reasons before. */
  | "not-exported"
  /** The application that a profile is of makes its own. */
  | "application"
  /** A profile leaves it at the source, where it goes on being used. */
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
  /** `detail` is the most that there can be. */
  | "too-many-fields"
  | "too-many-indexes"
  /** `detail` is the index that does its work. */
  | "same-as"
  /** A table that a delta changes keeps the indexes that it has. */
  | "link-before"
  /** A table that is made by the statement of its source has the indexes of that. */
  | "own-statement"
  /** The server does not take it, being of another version than the one it comes from. */
  | "not-taken"
  /** It is there but for an option that the server does not take; `detail` names it. */
  | "without-option"
  /** It is there with another collation, as `--collation-map` says; `detail` names that. */
  | "collation-mapped"
  /** The person left it out with `--no-indexes`. */
  | "not-asked"
  /** The index is there, and does less than at the source. */
  | "not-unique"
  | "no-expiry"
  | "folds-letters";

/** Something of a namespace or database that the target does not get as it was. */
export const notCarriedSchema = z.object({
  /** A `NotCarriedKind`, and below a `NotCarriedReason`; later versions may know others. */
  kind: z.string(),
  /** `*` for all of a kind whose names the archive does not know. */
  name: z.string(),
  reason: z.string(),
  detail: z.string().optional(),
});
export type NotCarried = z.infer<typeof notCarriedSchema>;

/** What of each database belongs to none of its namespaces. */
export const databaseSchema = z.object({ database: z.string(), notCarried: z.array(notCarriedSchema) });
export type MadeDatabase = z.infer<typeof databaseSchema>;

/** Tells whether an export lacks an object that it knows by name, because the source did not show it, or no longer. */
export function isWithheld({ reason }: NotCarried): boolean {
  return WITHHELD.has(reason);
}

const WITHHELD: ReadonlySet<string> = new Set<NotCarriedReason>([
  "forbidden",
  "server-refused",
  "dropped-amid",
  "dropped-before",
]);

/** Makes an entry whose kind and reason this version has texts for. */
export function notCarried(
  kind: NotCarriedKind,
  name: string,
  reason: NotCarriedReason,
  detail?: string,
): NotCarried {
  return { kind, name, reason, ...(detail === undefined ? {} : { detail }) };
}
