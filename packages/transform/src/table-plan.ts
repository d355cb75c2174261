import type { RowEncoding } from "@firebreak/archive";
import { chooseKeyRule, chooseRule } from "./choose-rule.ts";
import { columnNames, EXTRA_COLUMN } from "./column-names.ts";
import { commonestFirst, type CollectionSurvey } from "./collection-survey.ts";
import type { ColumnPlan, ColumnRule } from "./column-plan.ts";
import { fitRow, type RoomyColumn } from "./fit-row.ts";
import { indexedFields, type SourceIndex } from "./index-plan.ts";
import { ruleInTarget, type TargetColumns } from "./target-columns.ts";

/** Fields that get columns; documents used as maps have many more. */
export const MAX_FIELDS = 300;

/** Rows of longer lines are hashed by their values' hashes, so that no server's packet limit can null the hash. */
export const LONG_LINE_BYTES = 4 << 20;

/** One collection to one table. */
export interface TablePlan {
  readonly kind: "generic";
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  /** The key first, `_extra` last, the others in the order of commonness. */
  readonly columns: readonly ColumnPlan[];
  readonly rowEncoding: RowEncoding;
}

/** What a table is to go with. */
export interface TableSetting {
  /** Of the collection: columns of those that the table is to have stay short enough for them. */
  readonly indexes?: readonly SourceIndex[];
  /** Of the table in the target: columns that take all values seen are as they are there. */
  readonly inTarget?: TargetColumns;
}

/** Decides a collection's table from its survey. Pure: the same survey, the same table. */
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
  // Of two spellings of a name the commonest has the column.
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
