import { needsNumbers } from "@firebreak/mysql-format";
import type { SourceColumn } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly sqlType: string;
  readonly dataType: string;
  readonly charset: string | null;
  readonly collation: string | null;
  readonly digits: string | number | null;
  readonly scale: string | number | null;
  readonly fraction: string | number | null;
  readonly nullable: string;
  readonly extra: string;
  readonly comment: string;
}

/** Reads the columns of all tables and views of a database, in order, by table. */
export async function sourceColumns(
  session: MysqlSession,
  database: string,
): Promise<ReadonlyMap<string, readonly SourceColumn[]>> {
  const rows = await session.rows<ColumnRow>(
    `SELECT table_name AS \`table\`, column_name AS name, column_type AS sqlType, data_type AS dataType,
      character_set_name AS charset, collation_name AS collation, numeric_precision AS digits,
      numeric_scale AS scale, datetime_precision AS fraction, is_nullable AS nullable, extra AS extra, column_comment AS comment
      FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position`,
    [database],
  );
  return new Map(
    [...Map.groupBy(rows, (r) => r.table)].map(([table, columns]) => [table, columns.map(columnOf)]),
  );
}

function columnOf(row: ColumnRow): SourceColumn {
  return {
    name: row.name,
    sqlType: row.sqlType,
    dataType: row.dataType,
    ...(row.charset === null ? {} : { characterSet: row.charset }),
    ...(row.collation === null ? {} : { collation: row.collation }),
    ...(row.digits === null ? {} : { precision: Number(row.digits) }),
    ...(row.scale === null ? {} : { scale: Number(row.scale) }),
    ...(row.fraction === null ? {} : { fraction: Number(row.fraction) }),
    isNullable: row.nullable === "YES",
    // MySQL's DEFAULT_GENERATED marks a default, not a generated column.
    isGenerated: /\b(VIRTUAL|STORED|PERSISTENT)\b/i.test(row.extra),
    ...(needsNumbers(row) ? { isNumbered: true } : {}),
    comment: row.comment,
  };
}
