import type { ColumnRule } from "./column-rule.ts";

/**
 * The comments of a generic table, which allow its rows to become documents again. The table's comment names
 * the collection, and each column's comment names the kind of its values. They are ASCII without quotes and
 * backslashes, which is the same text in every SQL mode. The collection's name is percent-encoded.
 */
const MARK = "firebreak: ";
const COLLECTION = `${MARK}collection `;

/** The kinds of values that the comment of a generic table's column can name. */
const KINDS = [
  "int32",
  "int64",
  /** Int32 values in a BIGINT, which has room. A value beyond 32 bits came later and is an Int64. */
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

/** Returns the comment of a table that was made of a collection. */
export function collectionComment(collection: string): string {
  return `${COLLECTION}${encodeURIComponent(collection).replaceAll("'", "%27")}`;
}

/** Returns the comment of a column. */
export function columnComment(rule: ColumnRule): string {
  return `${MARK}${kindOfRule(rule)}`;
}

function kindOfRule(rule: ColumnRule): CommentKind {
  if (rule.kind !== "integer") return rule.kind;
  return rule.valueBits === undefined ? `int${rule.bits}` : "wideInt32";
}

/** Returns the collection that a table's comment names. Undefined if Firebreak did not make the table. */
export function collectionOfComment(comment: string): string | undefined {
  if (!comment.startsWith(COLLECTION)) return undefined;
  try {
    return decodeURIComponent(comment.slice(COLLECTION.length));
  } catch {
    return undefined;
  }
}

/**
 * Returns the kind of values that a column's comment names. Undefined if Firebreak did not make the column.
 */
export function kindOfComment(comment: string): CommentKind | undefined {
  return KINDS.find((kind) => comment === `${MARK}${kind}`);
}
