import {
  quoteIdentifier,
  sqlTypeOf,
  toColumn,
  columnLine,
  createTableStatement,
} from "@firebreak/mysql-format";
import type { MysqlTable, SourceNamespace, TargetFacts } from "@firebreak/archive";
import { emptyCollectionSurvey } from "../survey/collection-survey.ts";
import type { LineDecision } from "../lines/line-mapper.ts";
import type { Pass } from "../lines/passes.ts";
import { decideRepeatedKeys, surveyCollection } from "../survey/survey-passes.ts";
import type { TablePlan } from "../tables/table-plan.ts";
import { ruleInTarget, targetColumns } from "../tables/target-columns.ts";
import type { TransformEvent, WidenedColumn } from "../transform-notes.ts";
import { planOfTable } from "./plan-of-table.ts";
import { widenColumns } from "./refit/widen-columns.ts";

/** The plan by which a delta's documents of one collection become rows of its table. */
export interface PlannedChanges {
  readonly plan: TablePlan;
  /** The table after the delta. Its columns may be wider. */
  readonly table: MysqlTable;
  readonly widened: readonly WidenedColumn[];
  /** For each part, the decisions about lines whose key an earlier line of the delta has. */
  readonly decisions: readonly ReadonlyMap<number, LineDecision>[];
}

/**
 * Surveys the delta's documents, and widens columns for them if possible. Values that still fit no column go
 * to `_extra`. A document whose key does not fit the key's column goes to quarantine.
 *
 * @param targetFacts facts of the target: columns that somebody widened there are used as they are.
 * @returns undefined for a table that this version would make differently.
 */
export async function* planChanges(
  pass: Pass,
  ns: SourceNamespace,
  table: MysqlTable,
  targetFacts: TargetFacts | undefined,
): AsyncGenerator<TransformEvent, PlannedChanges | undefined> {
  const plan = planOfTable(table, ns.collection);
  if (plan === undefined) return undefined;
  const survey = emptyCollectionSurvey();
  const repeated = yield* surveyCollection(pass, ns, survey);
  const inTarget = targetColumns(targetFacts, table.table);
  const there = plan.columns.map((c) => ({
    ...c,
    rule: ruleInTarget(c.rule, inTarget.get(c.name.toLowerCase())) ?? c.rule,
  }));
  const columns = widenColumns(
    there,
    survey,
    table.indexes.map((i) => i.statement),
  );
  const widened: TablePlan = { ...plan, columns };
  const decisions = yield* decideRepeatedKeys(pass, ns, widened, repeated);
  const changes = columns.flatMap((column, i) => {
    const [from, to] = [sqlTypeOf(plan.columns[i]!.rule), sqlTypeOf(column.rule)];
    return from === to ? [] : [{ column, isKey: i === 0, from, to }];
  });
  if (changes.length === 0) return { plan, table, widened: [], decisions };
  const alter = changes.map(
    ({ column, isKey }) =>
      `ALTER TABLE ${quoteIdentifier(table.table)} MODIFY COLUMN ${columnLine(column, isKey)}`,
  );
  const createTable = createTableStatement(widened, ns.collection);
  return {
    plan: widened,
    table: { ...table, columns: columns.map(toColumn), createTable, alter },
    widened: changes.map(({ column: { name }, from, to }) => ({ name, from, to })),
    decisions,
  };
}
