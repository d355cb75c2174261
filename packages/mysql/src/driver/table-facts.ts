import { withoutWidth } from "@firebreak/mysql-format";
import type { MysqlSession } from "./connect.ts";

/** A column as it is in the target. */
export interface ColumnFacts {
  readonly name: string;
  /** The type as information_schema has it, without a width that is for display only. */
  readonly type: string;
  readonly isNullable: boolean;
  /** True if a row that gives the column no value can be inserted. */
  readonly hasDefault: boolean;
  readonly isGenerated: boolean;
  readonly isAutoIncrement: boolean;
  /** Undefined for a column that is not text, as is `collation`. */
  readonly characterSet: string | undefined;
  readonly collation: string | undefined;
}

export interface IndexFacts {
  readonly name: string;
  readonly isUnique: boolean;
  readonly columns: readonly { readonly name: string; readonly isWhole: boolean }[];
}

/** A table as it is in the target. The server shows its triggers only to users who may create some. */
export interface TableFacts {
  /** True for a plain table. Otherwise `engine` names its kind: `view`, `sequence`, `system versioned`. */
  readonly isTable: boolean;
  readonly engine: string;
  readonly columns: readonly ColumnFacts[];
  readonly indexes: readonly IndexFacts[];
  /** The triggers that rows would start while they are loaded. */
  readonly triggers: readonly string[];
  /** Constraints of this table that refer to others. */
  readonly foreignKeys: readonly string[];
  /** Constraints of other tables that change rows there when a row is deleted here. */
  readonly cascades: readonly string[];
  /** True if there are partitions and none accepts the values outside the others' ranges or lists. */
  readonly hasGaps: boolean;
}

/** Reads the facts of a table. Returns undefined if there is no such table. */
export async function tableFacts(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<TableFacts | undefined> {
  const place = [database, table];
  const [found] = await session.rows<{ engine: string | null; kind: string }>(
    "SELECT engine AS engine, table_type AS kind FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    place,
  );
  if (found === undefined) return undefined;
  const isTable = found.kind === "BASE TABLE";
  const names = async (sql: string): Promise<string[]> =>
    (await session.rows<{ name: string }>(sql, place)).map((r) => r.name);
  return {
    isTable,
    engine: isTable ? (found.engine ?? "") : found.kind.toLowerCase(),
    columns: await columnFacts(session, place),
    indexes: await indexFacts(session, place),
    triggers: await names(
      "SELECT trigger_name AS name FROM information_schema.triggers WHERE event_object_schema = ? AND event_object_table = ? AND event_manipulation IN ('INSERT', 'DELETE')",
    ),
    foreignKeys: await names(
      "SELECT constraint_name AS name FROM information_schema.table_constraints WHERE table_schema = ? AND table_name = ? AND constraint_type = 'FOREIGN KEY'",
    ),
    cascades: await names(
      "SELECT constraint_name AS name FROM information_schema.referential_constraints WHERE unique_constraint_schema = ? AND referenced_table_name = ? AND delete_rule NOT IN ('RESTRICT', 'NO ACTION')",
    ),
    hasGaps: await hasGaps(session, place),
  };
}

async function columnFacts(session: MysqlSession, place: readonly string[]): Promise<ColumnFacts[]> {
  const rows = await session.rows<{
    name: string;
    type: string;
    nullable: string;
    preset: string | null;
    extra: string;
    charset: string | null;
    collation: string | null;
  }>(
    `SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS preset, extra AS extra,
      character_set_name AS charset, collation_name AS collation
      FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position`,
    place,
  );
  return rows.map((r) => ({
    name: r.name,
    type: withoutWidth(r.type),
    isNullable: r.nullable === "YES",
    hasDefault: r.nullable === "YES" || r.preset !== null || /auto_increment|GENERATED/i.test(r.extra),
    isGenerated: /\b(VIRTUAL|STORED|PERSISTENT)\b/i.test(r.extra),
    isAutoIncrement: /auto_increment/i.test(r.extra),
    characterSet: r.charset ?? undefined,
    collation: r.collation ?? undefined,
  }));
}

async function indexFacts(session: MysqlSession, place: readonly string[]): Promise<IndexFacts[]> {
  const rows = await session.rows<{
    name: string;
    notUnique: string | number;
    column: string | null;
    prefix: string | number | null;
  }>(
    `SELECT index_name AS name, non_unique AS notUnique, column_name AS \`column\`, sub_part AS prefix
      FROM information_schema.statistics WHERE table_schema = ? AND table_name = ? ORDER BY index_name, seq_in_index`,
    place,
  );
  return [...Map.groupBy(rows, (r) => r.name)].map(([name, parts]) => ({
    name,
    isUnique: Number(parts[0]!.notUnique) === 0,
    columns: parts.map((p) => ({ name: p.column ?? "", isWhole: p.prefix === null })),
  }));
}

async function hasGaps(session: MysqlSession, place: readonly string[]): Promise<boolean> {
  const partitions = await session.rows<{ method: string; description: string | null }>(
    "SELECT partition_method AS method, partition_description AS description FROM information_schema.partitions WHERE table_schema = ? AND table_name = ? AND partition_method IS NOT NULL",
    place,
  );
  const isCutByValue = partitions.some((p) => /^(RANGE|LIST)/.test(p.method));
  return isCutByValue && !partitions.some((p) => /\b(MAXVALUE|DEFAULT)\b/.test(p.description ?? ""));
}
