import { quoteIdentifier, type MysqlTable, type SourceNamespace, type StepEvent } from "@firebreak/archive";
import { emptyCollectionSurvey, type CollectionSurvey } from "../collection-survey.ts";
import { toColumn } from "../column-plan.ts";
import { columnLine, createTableStatement } from "../ddl.ts";
import { fitsIndex } from "../index-plan.ts";
import type { Pass } from "../passes.ts";
import { findDuplicates, surveyCollection } from "../survey-passes.ts";
import { fitsRow, type TablePlan } from "../table-plan.ts";
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
 * Looks at the documents that come, and gives the key column room for their keys.
 * What another column cannot say goes to `_extra`, a document whose key the
 * column cannot say goes to quarantine.
 *
 * @returns undefined for a table that this version would not make so.
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
  const widened = withRoom(plan, table, survey);
  const createTable = createTableStatement(widened, ns.collection);
  const duplicates = suspects.size === 0 ? [] : yield* findDuplicates(pass, ns, widened, suspects);
  if (createTable === table.createTable) return { plan, table, duplicates };
  const statement = `ALTER TABLE ${quoteIdentifier(table.table)} MODIFY COLUMN ${columnLine(widened.columns[0]!, true)}`;
  const columns = widened.columns.map(toColumn);
  return { plan: widened, table: { ...table, columns, createTable, alter: [statement] }, duplicates };
}

/** Widens the key column for keys that come, unless the row or an index of the table would become too long by that. */
function withRoom(plan: TablePlan, { indexes }: MysqlTable, survey: CollectionSurvey): TablePlan {
  const [key, ...others] = plan.columns;
  const rule = widenKey(key!.rule, survey.fields.get(key!.name));
  const columns = [{ ...key!, rule }, ...others];
  const isFit = fitsRow(columns) && indexes.every(({ statement }) => fitsIndex(statement, columns));
  return isFit ? { ...plan, columns } : plan;
}
