import { quoteIdentifier, type MysqlTable, type SourceNamespace, type StepEvent } from "@firebreak/archive";
import { emptyCollectionSurvey } from "../collection-survey.ts";
import { toColumn } from "../column-plan.ts";
import { columnLine, createTableStatement } from "../ddl.ts";
import type { Pass } from "../passes.ts";
import { findDuplicates, surveyCollection } from "../survey-passes.ts";
import { LONG_LINE_BYTES, type TablePlan } from "../table-plan.ts";
import { planOfTable } from "./plan-of-table.ts";
import { widenKey } from "./widen-key.ts";

/** How the documents that a delta has of a collection become rows of its table. */
export interface PlannedChanges {
  readonly plan: TablePlan;
  /** The table as it is then: its key column may be wider. */
  readonly table: MysqlTable;
  /** For each part the lines whose key an earlier line of the delta has. */
  readonly duplicates: readonly ReadonlySet<number>[];
}

/**
 * Looks at the documents that come: their keys must have room in the key's
 * column, all else that a column cannot say goes to `_extra`.
 *
 * @returns undefined where the table cannot take them as it is: keys are of
 * another kind, or rows so long that all of the table would be hashed otherwise.
 */
export async function* planChanges(
  pass: Pass,
  ns: SourceNamespace,
  table: MysqlTable,
): AsyncGenerator<StepEvent, PlannedChanges | undefined> {
  const plan = planOfTable(table, ns.collection);
  if (plan === undefined) return undefined;
  const survey = emptyCollectionSurvey();
  const suspects = yield* surveyCollection(pass, ns, survey);
  if (plan.rowEncoding === "values" && survey.maxLineBytes >= LONG_LINE_BYTES) return undefined;
  const [key, ...others] = plan.columns;
  const rule = widenKey(key!.rule, survey.fields.get(key!.name));
  if (rule === undefined) return undefined;
  const widened: TablePlan = { ...plan, columns: [{ ...key!, rule }, ...others] };
  const createTable = createTableStatement(widened, ns.collection);
  const duplicates = suspects.size === 0 ? [] : yield* findDuplicates(pass, ns, widened, suspects);
  if (createTable === table.createTable) return { plan, table, duplicates };
  const statement = `ALTER TABLE ${quoteIdentifier(table.table)} MODIFY COLUMN ${columnLine(widened.columns[0]!, true)}`;
  const columns = widened.columns.map(toColumn);
  return { plan: widened, table: { ...table, columns, createTable, alter: [statement] }, duplicates };
}
