import { withoutWidth } from "@firebreak/mysql-format";

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

// Queries about tables of one database, and how their rows become facts. `IN (?)` gets as many names as wanted.

export interface KindRow {
  readonly owner: string;
  readonly engine: string | null;
  readonly kind: string;
}

export const KINDS: string = `SELECT table_name AS owner, engine AS engine, table_type AS kind
  FROM information_schema.tables WHERE table_schema = ? AND table_name IN (?)`;

export interface NameRow {
  readonly owner: string;
  readonly name: string;
}

export const TRIGGERS: string = `SELECT event_object_table AS owner, trigger_name AS name FROM information_schema.triggers
  WHERE event_object_schema = ? AND event_object_table IN (?) AND event_manipulation IN ('INSERT', 'DELETE')`;

export const FOREIGN_KEYS: string = `SELECT table_name AS owner, constraint_name AS name FROM information_schema.table_constraints
  WHERE table_schema = ? AND table_name IN (?) AND constraint_type = 'FOREIGN KEY'`;

export const CASCADES: string = `SELECT referenced_table_name AS owner, constraint_name AS name FROM information_schema.referential_constraints
  WHERE unique_constraint_schema = ? AND referenced_table_name IN (?) AND delete_rule NOT IN ('RESTRICT', 'NO ACTION')`;

export interface ColumnRow {
  readonly owner: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  readonly preset: string | null;
  readonly extra: string;
  readonly charset: string | null;
  readonly collation: string | null;
}

export const COLUMNS: string = `SELECT table_name AS owner, column_name AS name, column_type AS type, is_nullable AS nullable,
    column_default AS preset, extra AS extra, character_set_name AS charset, collation_name AS collation
  FROM information_schema.columns WHERE table_schema = ? AND table_name IN (?) ORDER BY table_name, ordinal_position`;

export function columnFacts(r: ColumnRow): ColumnFacts {
  return {
    name: r.name,
    type: withoutWidth(r.type),
    isNullable: r.nullable === "YES",
    hasDefault: r.nullable === "YES" || r.preset !== null || /auto_increment|GENERATED/i.test(r.extra),
    isGenerated: /\b(VIRTUAL|STORED|PERSISTENT)\b/i.test(r.extra),
    isAutoIncrement: /auto_increment/i.test(r.extra),
    characterSet: r.charset ?? undefined,
    collation: r.collation ?? undefined,
  };
}

export interface IndexRow {
  readonly owner: string;
  readonly name: string;
  readonly notUnique: string | number;
  readonly column: string | null;
  readonly prefix: string | number | null;
}

export const INDEXES: string = `SELECT table_name AS owner, index_name AS name, non_unique AS notUnique, column_name AS \`column\`, sub_part AS prefix
  FROM information_schema.statistics WHERE table_schema = ? AND table_name IN (?) ORDER BY table_name, index_name, seq_in_index`;

export function indexFacts(rows: readonly IndexRow[]): IndexFacts[] {
  return [...Map.groupBy(rows, (r) => r.name)].map(([name, parts]) => ({
    name,
    isUnique: Number(parts[0]!.notUnique) === 0,
    columns: parts.map((p) => ({ name: p.column ?? "", isWhole: p.prefix === null })),
  }));
}

export interface PartitionRow {
  readonly owner: string;
  readonly method: string;
  readonly description: string | null;
}

export const PARTITIONS: string = `SELECT table_name AS owner, partition_method AS method, partition_description AS description
  FROM information_schema.partitions WHERE table_schema = ? AND table_name IN (?) AND partition_method IS NOT NULL`;

export function hasGaps(partitions: readonly PartitionRow[]): boolean {
  const isCutByValue = partitions.some((p) => /^(RANGE|LIST)/.test(p.method));
  return isCutByValue && !partitions.some((p) => /\b(MAXVALUE|DEFAULT)\b/.test(p.description ?? ""));
}
