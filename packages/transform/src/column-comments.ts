import type { ColumnRule } from "./column-plan.ts";

/**
 * What the comments of a generic table say, so that its rows can be documents
 * again: of the table the collection's name, of each column the kind of its
 * values. ASCII without quotes and backslashes, which are the same text in every
 * SQL mode; a collection's name is percent-encoded.
 */
const MARK = "firebreak: ";
const COLLECTION = `${MARK}collection `;

/** The kinds that a column of a generic table can say of itself. */
const KINDS = [
  "int32",
  "int64",
  /** Int32 in a BIGINT, which has room; a larger value came later, and is Int64. */
  "wideInt32",
  "double",
  "decimal",
  "boolean",
  "string",
  "date",
  "objectId",
  "binary",
  "uuid",
  "uuidLegacy",
  "nested",
  "keyText",
  "extra",
] as const;
export type CommentKind = (typeof KINDS)[number];

/** The comment of a table that was made of a collection. */
export function collectionComment(collection: string): string {
  return `${COLLECTION}${encodeURIComponent(collection).replaceAll("'", "%27")}`;
}

/** The comment of a column. */
export function columnComment(rule: ColumnRule): string {
  return `${MARK}${kindOfRule(rule)}`;
}

function kindOfRule(rule: ColumnRule): CommentKind {
  if (rule.kind !== "integer") return rule.kind;
  return rule.valueBits === undefined ? `int${rule.bits}` : "wideInt32";
}

/** The collection that a table was made of, by its comment; undefined for tables that are not ours. */
export function collectionOfComment(comment: string): string | undefined {
  if (!comment.startsWith(COLLECTION)) return undefined;
  try {
    return decodeURIComponent(comment.slice(COLLECTION.length));
  } catch {
    return undefined;
  }
}

/** The kind of a column's values, by its comment; undefined for columns that are not ours. */
export function kindOfComment(comment: string): CommentKind | undefined {
  return KINDS.find((kind) => comment === `${MARK}${kind}`);
}
