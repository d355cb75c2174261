import { quoteIdentifier, sqlFamily, type StoredColumn } from "@firebreak/mysql-format";
import type { MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import { tableName } from "../driver/server-facts.ts";

/**
 * The number of rows whose hashes the server keeps at once: it writes its derived table out before
 * it computes the sums.
 */
const RANGE_ROWS = 100_000;

/**
 * A range of a table in the order of its key's first column: above `after` and up to and including
 * `upTo`, both SQL literals. An undefined end is open.
 */
export interface TableRange {
  readonly after: string | undefined;
  readonly upTo: string | undefined;
}

/**
 * Cuts a table into ranges by walking the first column of its key. Together they cover the table.
 * Without a key, or without an index that begins with that column, there is one range, since each
 * step would be a scan.
 */
export async function* tableRanges(
  session: MysqlSession,
  database: string,
  table: Pick<MysqlTable, "table" | "keyColumns"> & { readonly columns: readonly StoredColumn[] },
  rangeRows: number = RANGE_ROWS,
): AsyncGenerator<TableRange> {
  const [key] = table.keyColumns;
  const column = table.columns.find((c) => c.name === key);
  if (key === undefined || column === undefined || !(await isIndexed(session, database, table.table, key))) {
    yield { after: undefined, upTo: undefined };
    return;
  }
  const name = quoteIdentifier(key);
  let after: string | undefined;
  for (;;) {
    const [border] = await session.rows<{ text: string }>(
      `SELECT ${borderSql(column)} AS text FROM ${tableName(database, table.table)} WHERE ${after === undefined ? `${name} IS NOT NULL` : `${name} > ${after}`} ORDER BY ${name} LIMIT 1 OFFSET ${rangeRows}`,
    );
    const upTo = border === undefined ? undefined : borderLiteral(column, border.text);
    yield { after, upTo };
    if (upTo === undefined) return;
    after = upTo;
  }
}

/**
 * Returns the WHERE clause of a range. Rows without a key, which only an altered table can have,
 * belong to the first range.
 */
export function rangeSql(keyColumns: readonly string[], { after, upTo }: TableRange): string {
  const column = quoteIdentifier(keyColumns[0] ?? "");
  if (after === undefined && upTo === undefined) return "";
  if (after === undefined) return ` WHERE (${column} <= ${upTo} OR ${column} IS NULL)`;
  return ` WHERE ${column} > ${after}${upTo === undefined ? "" : ` AND ${column} <= ${upTo}`}`;
}

/** Returns true if an index of the table begins with a column. */
export async function isIndexed(
  session: MysqlSession,
  database: string,
  table: string,
  column: string,
): Promise<boolean> {
  const found = await session.rows(
    "SELECT 1 FROM information_schema.statistics WHERE table_schema = ? AND table_name = ? AND column_name = ? AND seq_in_index = 1 LIMIT 1",
    [database, table, column],
  );
  return found.length > 0;
}

/**
 * Returns SQL for a border: a number's or time's text, or the bytes of a text in its own character
 * set. A larger value must give a larger border, or the walk would not end: so nothing here may
 * round or convert.
 */
function borderSql({ name, sqlType, form }: StoredColumn): string {
  const column = quoteIdentifier(name);
  if (form === "member") return `CAST(CAST(${column} AS UNSIGNED) AS CHAR)`;
  switch (sqlFamily(sqlType)) {
    case "bit":
      return `CAST(${column} + 0 AS CHAR)`;
    case "double":
    case "float":
      return `CONCAT(${column} + 0e0)`;
    case "integer":
    case "decimal":
    case "year":
    case "date":
    case "moment":
    case "time":
    case "named":
      return `CAST(${column} AS CHAR)`;
    case "text":
    case "choice":
    case "json":
    case "binary":
    case "geometry":
      return `HEX(${column})`;
  }
}

function borderLiteral({ sqlType, storedSet, form }: StoredColumn, text: string): string {
  if (form === "member") return text;
  switch (sqlFamily(sqlType)) {
    case "bit":
    case "integer":
    case "decimal":
    case "year":
      return text;
    case "double":
    case "float":
      return /e/i.test(text) ? text : `${text}e0`;
    case "date":
    case "moment":
    case "time":
    case "named":
      return `'${text}'`;
    case "text":
    case "choice":
    case "json":
    case "binary":
    case "geometry":
      return form === "binary" || storedSet === undefined ? `X'${text}'` : `_${storedSet} X'${text}'`;
  }
}
