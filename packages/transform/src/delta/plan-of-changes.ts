import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlTable, SourceNamespace, TargetFacts } from "@firebreak/archive";
import { emptyCollectionSurvey } from "../collection-survey.ts";
import { sqlTypeOf, toColumn } from "../column-plan.ts";
import { columnLine, createTableStatement } from "../ddl.ts";
import type { Pass } from "../passes.ts";
import { findDuplicates, surveyCollection } from "../survey-passes.ts";
import type { TablePlan } from "../table-plan.ts";
import { ruleInTarget, targetColumns } from "../target-columns.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { planOfTable } from "./plan-of-table.ts";
import { widenColumns } from "./widen-columns.ts";

/** A column that a delta widens. */
export interface WidenedColumn {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** The plan by which a delta's documents of one collection become rows of its table. */
export interface PlannedChanges {
  readonly plan: TablePlan;
  /** The table after the delta. Its columns may be wider. */
  readonly table: MysqlTable;
  readonly widened: readonly WidenedColumn[];
  /** For each part, the lines whose key an earlier line of the delta has. */
  readonly duplicates: readonly ReadonlySet<number>[];
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
  const suspects = yield* surveyCollection(pass, ns, survey);
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
  const duplicates = suspects.size === 0 ? [] : yield* findDuplicates(pass, ns, widened, suspects);
  const changes = columns.flatMap((column, i) => {
    const [from, to] = [sqlTypeOf(plan.columns[i]!.rule), sqlTypeOf(column.rule)];
    return from === to ? [] : [{ column, isKey: i === 0, from, to }];
  });
  if (changes.length === 0) return { plan, table, widened: [], duplicates };
  const alter = changes.map(
    ({ column, isKey }) =>
      `ALTER TABLE ${quoteIdentifier(table.table)} MODIFY COLUMN ${columnLine(column, isKey)}`,
  );
  const createTable = createTableStatement(widened, ns.collection);
  return {
    plan: widened,
    table: { ...table, columns: columns.map(toColumn), createTable, alter },
    widened: changes.map(({ column: { name }, from, to }) => ({ name, from, to })),
    duplicates,
  };
}
