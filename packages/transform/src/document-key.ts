import type { SourceTable } from "@firebreak/archive";

/** How the columns of a table become fields, and fields columns again. */
export interface DocumentKey {
  /**
   * The columns that are the `_id`: of one its value, of several a sub-document in
   * this order. None where the rows have no key that can be one: then the `_id` is
   * made of the place of the line.
   */
  readonly key: readonly string[];
  /** Columns under another name than their own, for `_id` is taken by the key. */
  readonly renamed: Readonly<Record<string, string>>;
}

/** The field of a key; there may be a column of that name beside it. */
export const ID = "_id";

/** Decides how a table's rows are documents. Pure: the same table, the same documents. */
export function documentKey({ columns, keyColumns }: SourceTable): DocumentKey {
  const stored = new Set(columns.filter((c) => !c.isGenerated).map((c) => c.name));
  // What stands in an _id must not begin with a dollar (manual, "Field Names"), and lines have no generated values.
  const canBeId =
    keyColumns.length === 1 || keyColumns.every((name) => !name.startsWith("$") && !name.includes("."));
  const key = canBeId && keyColumns.every((name) => stored.has(name)) ? keyColumns : [];
  const isAside = stored.has(ID) && !key.includes(ID);
  return {
    key: [...key],
    renamed: isAside ? { [ID]: freeName(stored) } : {},
  };
}

/** What a column is called in documents. A column may be called as what every object has, `constructor` say. */
export function fieldName(renamed: DocumentKey["renamed"], column: string): string {
  return Object.hasOwn(renamed, column) ? renamed[column]! : column;
}

/** `_id_`, or with as many more underscores as no column has. */
function freeName(taken: ReadonlySet<string>): string {
  let name = `${ID}_`;
  while (taken.has(name)) name += "_";
  return name;
}
