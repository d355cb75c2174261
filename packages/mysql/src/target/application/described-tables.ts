import type { ColumnFacts } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";

export interface DescribedTable {
  readonly table: string;
  /** The number of rows by the server's statistics. */
  readonly estimatedRows: number;
  readonly columns: readonly ColumnFacts[];
  readonly uniqueKeys: readonly (readonly string[])[];
}

interface ColumnRow {
  readonly t: string;
  readonly name: string;
  readonly type: string;
  readonly full: string;
  readonly length: string | number | null;
  readonly digits: string | number | null;
  readonly scale: string | number | null;
  readonly charset: string | null;
  readonly collation: string | null;
  readonly nullable: string;
  readonly preset: string | null;
  readonly extra: string;
}

/** Reads all plain tables of a database, sorted by name. */
export async function describedTables(session: MysqlSession, database: string): Promise<DescribedTable[]> {
  const [server] = await session.rows<{ version: string }>("SELECT VERSION() AS version");
  const isMariadb = /mariadb/i.test(server!.version);
  const tables = await session.rows<{ t: string; n: string | number | null }>(
    "SELECT table_name AS t, table_rows AS n FROM information_schema.tables WHERE table_schema = ? AND table_type = 'BASE TABLE' ORDER BY table_name",
    [database],
  );
  const columns = await session.rows<ColumnRow>(
    `SELECT table_name AS t, column_name AS name, data_type AS type, column_type AS full, character_maximum_length AS length,
      numeric_precision AS digits, numeric_scale AS scale,
      character_set_name AS charset, collation_name AS collation, is_nullable AS nullable, column_default AS preset, extra AS extra
      FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position`,
    [database],
  );
  const keys = await session.rows<{ t: string; name: string; column: string | null }>(
    `SELECT table_name AS t, index_name AS name, column_name AS \`column\` FROM information_schema.statistics
      WHERE table_schema = ? AND non_unique = 0 ORDER BY table_name, index_name, seq_in_index`,
    [database],
  );
  const columnsOf = Map.groupBy(columns, ({ t }) => t);
  const keysOf = Map.groupBy(keys, ({ t }) => t);
  return tables.map(({ t, n }) => ({
    table: t,
    estimatedRows: Number(n ?? 0),
    columns: (columnsOf.get(t) ?? []).map((c) => describedColumn(c, isMariadb)),
    uniqueKeys: [...Map.groupBy(keysOf.get(t) ?? [], ({ name }) => name).values()].map((parts) =>
      parts.map((p) => p.column ?? ""),
    ),
  }));
}

function describedColumn(row: ColumnRow, isMariadb: boolean): ColumnFacts {
  const type = row.type.toLowerCase();
  const length = row.length === null ? undefined : Number(row.length);
  const isNullable = row.nullable === "YES";
  // The length of a text without a width is in bytes.
  const hasCharacters = /^(var)?char$/.test(type);
  const fraction = /^(?:datetime|timestamp|time)(\([1-6]\))$/.exec(row.full)?.[1] ?? "";
  return {
    name: row.name,
    type: type + fraction,
    isUnsigned: row.full.includes("unsigned"),
    ...(type === "decimal" ? { precision: Number(row.digits), scale: Number(row.scale) } : {}),
    ...(length === undefined ? {} : hasCharacters ? { characters: length } : { bytes: length }),
    ...(row.charset === null ? {} : { characterSet: row.charset }),
    ...(row.collation === null ? {} : { collation: row.collation }),
    isNullable,
    ...presetOf(row, isNullable, isMariadb),
    isAutoIncrement: /auto_increment/i.test(row.extra),
  };
}

/**
 * Returns a column's default. MySQL gives literals as they are and marks expressions; MariaDB gives
 * the default as the statement has it.
 */
function presetOf(
  { preset, extra }: ColumnRow,
  isNullable: boolean,
  isMariadb: boolean,
): Pick<ColumnFacts, "default" | "isDefaultExpression"> {
  const isGenerated = /\b(VIRTUAL|STORED|PERSISTENT)\b/i.test(extra);
  if (isGenerated) return { isDefaultExpression: true };
  if (preset === null || (isMariadb && preset === "NULL"))
    return { ...(isNullable ? { default: null } : {}), isDefaultExpression: false };
  if (!isMariadb) return { default: preset, isDefaultExpression: /DEFAULT_GENERATED/i.test(extra) };
  const quoted = /^'(.*)'$/s.exec(preset)?.[1];
  if (quoted !== undefined) return { default: quoted.replaceAll("''", "'"), isDefaultExpression: false };
  return { default: preset, isDefaultExpression: !/^-?[\d.]+(e[+-]?\d+)?$/i.test(preset) };
}
