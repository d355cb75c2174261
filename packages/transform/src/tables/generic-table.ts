import type { SourceTable } from "@firebreak/archive";
import { collectionOfComment, kindOfComment, type CommentKind, EXTRA_COLUMN } from "@firebreak/mysql-format";
import { ID } from "../collections/document-key.ts";

/** A table that was made of a collection, with its columns' kinds: undefined for columns added later. */
export interface GenericTable {
  readonly collection: string;
  readonly kinds: ReadonlyMap<string, CommentKind | undefined>;
}

/** Reads a table's comments. Undefined if it was not made of a collection, or has no `_id` any more. */
export function genericTable({ comment, columns, keyColumns }: SourceTable): GenericTable | undefined {
  const collection = collectionOfComment(comment);
  if (collection === undefined || keyColumns.length !== 1 || keyColumns[0] !== ID) return undefined;
  const kinds = new Map(
    columns.filter((c) => !c.isGenerated).map((c) => [c.name, kindOf(c.name, c.comment)]),
  );
  return kinds.get(ID) === undefined ? undefined : { collection, kinds };
}

/** Returns a column's kind. Only `_extra` may have the kind `extra`. */
function kindOf(name: string, comment: string): CommentKind | undefined {
  const kind = kindOfComment(comment);
  return (kind === "extra") === (name === EXTRA_COLUMN) ? kind : undefined;
}
