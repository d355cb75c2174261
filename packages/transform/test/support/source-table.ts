import type { SourceColumn, SourceTable } from "@firebreak/archive";

/** A column of a table; what is not said is as of `INT NOT NULL`. */
export function column(name: string, changes: Partial<SourceColumn> = {}): SourceColumn {
  return {
    name,
    sqlType: "int",
    dataType: "int",
    isNullable: false,
    isGenerated: false,
    comment: "",
    ...changes,
  };
}

/** A table as its source describes it. */
export function sourceTable(
  columns: readonly SourceColumn[],
  keyColumns: readonly string[],
  changes: Partial<SourceTable> = {},
): SourceTable {
  return {
    createStatement: `CREATE TABLE t (${columns.map((c) => `${c.name} ${c.sqlType}`).join(", ")})`,
    columns: [...columns],
    keyColumns: [...keyColumns],
    indexes: [],
    comment: "",
    triggers: [],
    ...changes,
  };
}
