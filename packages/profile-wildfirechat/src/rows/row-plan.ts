import { familyOf, type ColumnFamily } from "../target/column-fit.ts";
import type { FieldValue } from "../documents/field-value.ts";
import {
  messageTable,
  serverTable,
  userMessageTable,
  MESSAGE_TABLE_COUNT,
  USER_TABLE_COUNT,
} from "../target/server-tables.ts";
import type { ColumnFacts, Column } from "@firebreak/archive";
import { tableFacts, type ChatTargetFacts } from "../target/target-facts.ts";
import type { TargetRefusal } from "../profile-faults.ts";
import type { FieldNames } from "../documents/field-names.ts";
import type { PrivateForm } from "../target/private-target.ts";

interface KnownColumn {
  readonly family: ColumnFamily;
  /** True if a later migration added it: databases without it exist, and work. */
  readonly isLate: boolean;
}

const early = (family: ColumnFamily): KnownColumn => ({ family, isLate: false });
const late = (family: ColumnFamily): KnownColumn => ({ family, isLate: true });

/** The columns for which the profile has a rule. */
export const KNOWN_COLUMNS = {
  messages: {
    _mid: early("integer"),
    _from: early("text"),
    _type: early("integer"),
    _target: early("text"),
    _line: early("integer"),
    _data: early("bytes"),
    _searchable_key: late("text"),
    _dt: early("datetime"),
    _content_type: late("integer"),
    _to: late("text"),
  },
  userMessages: {
    _mid: early("integer"),
    _uid: early("text"),
    _seq: early("integer"),
    _dt: early("datetime"),
    _line: late("integer"),
    _type: late("integer"),
    _target: late("text"),
    _directing: late("integer"),
    _cont_type: late("integer"),
  },
} as const satisfies Record<string, Record<string, KnownColumn>>;

export interface PlannedColumn {
  readonly facts: ColumnFacts;
  /** The value of a site's own column if a document has no field with its name. */
  readonly fallback: FieldValue;
}

/** The columns of one table's rows, in the table's order, without those that the server fills itself. */
export interface RowPlan {
  readonly table: string;
  readonly columns: readonly PlannedColumn[];
  /** The position of each column in a row. */
  readonly places: ReadonlyMap<string, number>;
}

export interface TargetPlan {
  readonly messages: readonly RowPlan[];
  readonly userMessages: readonly RowPlan[];
}

/** Returns the plan of rows for a target's 164 tables, or all reasons against it. */
export function planTarget(
  facts: ChatTargetFacts,
  { isMerge }: { readonly isMerge: boolean },
): { readonly plan: TargetPlan } | { readonly refusals: readonly TargetRefusal[] } {
  const refusals: TargetRefusal[] = [];
  if (facts.flywayVersion === null) refusals.push({ what: "flyway-missing" });
  const filled = facts.filled.filter((table) => {
    const { kind } = serverTable(table);
    return kind === "messages" || kind === "userMessages";
  });
  if (filled.length > 0 && !isMerge) refusals.push({ what: "tables-filled", tables: filled });
  const plansOf = (kind: keyof TargetPlan, count: number, name: (shard: number) => string): RowPlan[] =>
    Array.from({ length: count }, (_, shard) => planTable(facts, name(shard), kind, refusals));
  const plan = {
    messages: plansOf("messages", MESSAGE_TABLE_COUNT, messageTable),
    userMessages: plansOf("userMessages", USER_TABLE_COUNT, userMessageTable),
  };
  return refusals.length > 0 ? { refusals } : { plan };
}

function planTable(
  facts: ChatTargetFacts,
  table: string,
  kind: keyof TargetPlan,
  refusals: TargetRefusal[],
): RowPlan {
  const shape = tableFacts(facts, table);
  if (shape === undefined) refusals.push({ what: "table-missing", table });
  const known: Readonly<Record<string, KnownColumn>> = KNOWN_COLUMNS[kind];
  const present = shape?.columns ?? [];
  for (const [column, { family, isLate }] of Object.entries(known)) {
    const found = present.find(({ name }) => name === column);
    if (found === undefined) {
      if (!isLate && shape !== undefined) refusals.push({ what: "column-missing", table, column });
    } else if (familyOf(found.type) !== family)
      refusals.push({ what: "column-type-unfit", table, column, type: found.type });
  }
  const columns: PlannedColumn[] = [];
  for (const column of present) {
    if (Object.hasOwn(known, column.name)) columns.push({ facts: column, fallback: null });
    else {
      const fallback = fallbackOf(column);
      if (fallback === "unfillable") refusals.push({ what: "column-unfillable", table, column: column.name });
      else if (fallback !== "server") columns.push({ facts: column, fallback: fallback.value });
    }
  }
  return { table, columns, places: new Map(columns.map(({ facts: { name } }, i) => [name, i])) };
}

/** Returns the value of a site's own column for rows that have none, or that only the server can fill it. */
function fallbackOf(column: ColumnFacts): { value: FieldValue } | "server" | "unfillable" {
  if (column.isAutoIncrement || column.isDefaultExpression) return "server";
  if (column.default === undefined) return column.isNullable ? { value: null } : "unfillable";
  if (column.default === null) return { value: null };
  const family = familyOf(column.type);
  if (family === "integer" && /^-?\d+$/.test(column.default)) return { value: BigInt(column.default) };
  return family === "text" ? { value: column.default } : "server";
}

/** The data for threads that survey a hybrid's documents. */
export interface SurveyData {
  readonly names: FieldNames;
  /** Zones that the JVM may have. */
  readonly zones: readonly string[];
  readonly plan: TargetPlan;
  /** True if users' documents will need the heads of messages. */
  readonly isHeadWanted: boolean;
}

/** The data for threads that make rows from a hybrid's documents. */
export interface RowsData {
  readonly names: FieldNames;
  readonly plan: TargetPlan;
  /** The columns of each table in the plan, message tables before users' tables. */
  readonly columns: readonly (readonly Column[])[];
  readonly jvmZone: string;
  readonly jdbcZone: string;
  readonly sessionZone: string;
  readonly privateForm: PrivateForm;
  readonly horizon: bigint | undefined;
}

/** The names of the groups of collections, under which they are also counted. */
export const MESSAGES = "messages";
export const USER_MESSAGES = "userMessages";
