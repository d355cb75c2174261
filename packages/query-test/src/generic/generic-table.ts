import type { Column, MysqlTable } from "@firebreak/archive";
import { kindOfComment, type CommentKind } from "@firebreak/mysql-format";

/** A column's line in a CREATE TABLE statement of a generic table, as transform writes it. */
const COLUMN_LINE = /^ {2}`((?:[^`]|``)+)` .* COMMENT '([^']*)',?$/gm;

/** A table that transform made of a collection by the generic mapping. */
export interface GenericTable {
  readonly table: string;
  readonly database: string;
  readonly namespace: string;
  readonly key: GenericColumn;
  /** The columns by their names. */
  readonly columns: ReadonlyMap<string, GenericColumn>;
  readonly kinds: ReadonlyMap<string, CommentKind>;
}

export interface GenericColumn extends Column {
  /** The kind of values that the column holds. */
  readonly kind: CommentKind;
}

/**
 * Returns a table's columns with the kinds of their values, which the comments in its CREATE TABLE statement
 * name. Undefined if the generic mapping did not make it: an application's own table, or one with the
 * definition of a MySQL source.
 */
export function genericTable({
  table,
  database,
  namespace,
  columns,
  keyColumns,
  createTable,
}: MysqlTable): GenericTable | undefined {
  const kinds = new Map<string, CommentKind>();
  for (const [, name = "", comment = ""] of createTable.matchAll(COLUMN_LINE)) {
    const kind = kindOfComment(comment);
    if (kind !== undefined) kinds.set(name.replaceAll("``", "`"), kind);
  }
  const known = new Map(
    columns.flatMap((column) => {
      const kind = kinds.get(column.name);
      return kind === undefined ? [] : [[column.name, { ...column, kind }] as const];
    }),
  );
  const [keyName = ""] = keyColumns;
  const key = known.get(keyName);
  if (key === undefined || known.size !== columns.length || keyColumns.length !== 1) return undefined;
  return { table, database, namespace, key, columns: known, kinds };
}
