import type { SourceTable } from "@firebreak/archive";

/** The correspondence between a table's columns and a document's fields, in both directions. */
export interface DocumentKey {
  /**
   * The columns that form the `_id`: one column gives its value, several give a sub-document in this order.
   * Empty if the rows have no key that can be an `_id`. The `_id` is then derived from the line's position.
   */
  readonly key: readonly string[];
  /** The columns whose field has another name, because the key takes the name `_id`. */
  readonly renamed: Readonly<Record<string, string>>;
}

/** The name of the key's field. A column may have that name too. */
export const ID = "_id";

/** Decides how a table's rows become documents. Pure: the same table gives the same documents. */
export function documentKey({ columns, keyColumns }: SourceTable): DocumentKey {
  const stored = new Set(columns.filter((c) => !c.isGenerated).map((c) => c.name));
  // A field inside an _id must not begin with a dollar (manual, "Field Names"). Lines have no generated
  // values.
  const canBeId =
    keyColumns.length === 1 || keyColumns.every((name) => !name.startsWith("$") && !name.includes("."));
  const key = canBeId && keyColumns.every((name) => stored.has(name)) ? keyColumns : [];
  const isAside = stored.has(ID) && !key.includes(ID);
  return {
    key: [...key],
    renamed: isAside ? { [ID]: freeName(stored) } : {},
  };
}

/** Returns a column's name in documents. It may be a property of every object, such as `constructor`. */
export function fieldName(renamed: DocumentKey["renamed"], column: string): string {
  return Object.hasOwn(renamed, column) ? renamed[column]! : column;
}

/** Returns `_id_`, with more underscores as long as a column has that name. */
function freeName(taken: ReadonlySet<string>): string {
  let name = `${ID}_`;
  while (taken.has(name)) name += "_";
  return name;
}
