import type { RowEncoding } from "@firebreak/items";
import { chooseKeyRule, chooseRule } from "../survey/choose-rule.ts";
import { columnNames, EXTRA_COLUMN, type ColumnPlan, type ColumnRule } from "@firebreak/mysql-format";
import { commonestFirst, type CollectionSurvey } from "../survey/collection-survey.ts";
import { fitRow, type RoomyColumn } from "./fit-row.ts";
import { indexedFields, type SourceIndex } from "./index-plan.ts";
import { ruleInTarget, type TargetColumns } from "./target-columns.ts";

/** The most fields that get columns. Documents used as maps have many more. */
export const MAX_FIELDS = 300;

/**
 * The line length in bytes from which rows are hashed value by value. Otherwise a server's packet limit could
 * turn the hash into NULL.
 */
export const LONG_LINE_BYTES = 4 << 20;

/** The plan for one collection and its table. */
export interface TablePlan {
  readonly kind: "generic";
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  /** The key first, `_extra` last, the others from the commonest to the rarest field. */
  readonly columns: readonly ColumnPlan[];
  readonly rowEncoding: RowEncoding;
}

/** The surroundings that a table has to fit. */
export interface TableSetting {
  /** The collection's indexes. The columns of those that the table can have stay short enough for them. */
  readonly indexes?: readonly SourceIndex[];
  /** The columns of the table in the target. A column keeps its type there if it takes all values seen. */
  readonly inTarget?: TargetColumns;
}

/** Plans a collection's table from its survey. Pure: the same survey gives the same table. */
export function planTable(
  namespace: string,
  database: string,
  table: string,
  survey: CollectionSurvey,
  { indexes = [], inTarget }: TableSetting = {},
): TablePlan {
  const names = commonestFirst(survey)
    .filter((name) => name !== "_id")
    .slice(0, MAX_FIELDS);
  const rules = new Map<string, ColumnRule>([["_id", chooseKeyRule(survey.fields.get("_id"))]]);
  for (const name of names) {
    const rule = chooseRule(survey.fields.get(name)!, "none");
    if (rule !== undefined) rules.set(name, rule);
  }
  // If a name has two spellings, the commoner one gets the column.
  const exact = new Map(columnNames([...rules.keys()]).map((name) => [name, rules.get(name)!]));
  const keys = indexedFields(indexes).filter((key) => key.every((name) => exact.has(name)));
  const indexed = new Set(keys.flat());
  const columns = [...exact].map(([name, rule]): RoomyColumn => {
    const there = ruleInTarget(rule, inTarget?.get(name.toLowerCase()));
    if (there !== undefined) return { name, rule: there, exact: there };
    if (name === "_id") return { name, rule, exact: rule };
    const room = indexed.has(name) ? "indexed" : "full";
    return { name, rule: chooseRule(survey.fields.get(name)!, room)!, exact: rule };
  });
  return {
    kind: "generic",
    namespace,
    database,
    table,
    columns: [...fitRow(columns, keys), { name: EXTRA_COLUMN, rule: { kind: "extra" } }],
    rowEncoding: survey.maxLineBytes >= LONG_LINE_BYTES ? "value-hashes" : "values",
  };
}
