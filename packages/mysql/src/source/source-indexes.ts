import type { SourceColumn, SourceTable } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import { tableName } from "../driver/server-facts.ts";

export type SourceIndex = SourceTable["indexes"][number];

interface IndexRow {
  readonly Key_name: string;
  readonly Non_unique: string | number;
  readonly Column_name: string | null;
  readonly Sub_part: string | number | null;
  readonly Collation: string | null;
  readonly Index_type: string;
}

/**
 * Reads a table's indexes in the server's own order: the primary key first, then unique ones
 * without NULLs.
 */
export async function sourceIndexes(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<SourceIndex[]> {
  const rows = await session.rows<IndexRow>(`SHOW INDEX FROM ${tableName(database, table)}`);
  return [...Map.groupBy(rows, (r) => r.Key_name)].map(([name, parts]) => ({
    name,
    isUnique: Number(parts[0]!.Non_unique) === 0,
    columns: parts.every((p) => p.Column_name !== null)
      ? parts.map((p) => ({
          name: p.Column_name!,
          isDescending: p.Collation === "D",
          ...(p.Sub_part === null ? {} : { prefix: Number(p.Sub_part) }),
        }))
      : [],
    type: parts[0]!.Index_type,
  }));
}

/**
 * Returns the index that identifies rows: the primary key, else the first unique index whose
 * columns have no NULLs.
 */
export function keyIndex(
  indexes: readonly SourceIndex[],
  columns: readonly SourceColumn[],
): SourceIndex | undefined {
  const withNulls = new Set(columns.filter((c) => c.isNullable).map((c) => c.name));
  const isKey = (index: SourceIndex): boolean =>
    index.isUnique && index.columns.length > 0 && !index.columns.some((c) => withNulls.has(c.name));
  return indexes.find((index) => index.name === "PRIMARY") ?? indexes.find(isKey);
}
