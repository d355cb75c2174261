import type { SourceTable } from "@firebreak/archive";
import { collectionOfComment, kindOfComment, type CommentKind } from "./column-comments.ts";
import { EXTRA_COLUMN } from "./column-names.ts";
import { ID } from "./document-key.ts";

/** A table that was made of a collection: what each of its columns holds; undefined for one that was added to it. */
export interface GenericTable {
  readonly collection: string;
  readonly kinds: ReadonlyMap<string, CommentKind | undefined>;
}

/** What a table's comments say; undefined for one that was not made of a collection, or has no `_id` any more. */
export function genericTable({ comment, columns, keyColumns }: SourceTable): GenericTable | undefined {
  const collection = collectionOfComment(comment);
  if (collection === undefined || keyColumns.length !== 1 || keyColumns[0] !== ID) return undefined;
  const kinds = new Map(
    columns.filter((c) => !c.isGenerated).map((c) => [c.name, kindOf(c.name, c.comment)]),
  );
  return kinds.get(ID) === undefined ? undefined : { collection, kinds };
}

/** Only `_extra` holds what no column can say. */
function kindOf(name: string, comment: string): CommentKind | undefined {
  const kind = kindOfComment(comment);
  return (kind === "extra") === (name === EXTRA_COLUMN) ? kind : undefined;
}
