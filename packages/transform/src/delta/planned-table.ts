import { type MysqlTable, type NotCarried, type SourceNamespace } from "@firebreak/archive";
import type { OriginalTablePlan } from "../tables/original-table-plan.ts";
import { describeTables } from "../tables/described-table.ts";
import type { FolderTask } from "../folder-task.ts";
import type { LineDecision } from "../lines/line-mapper.ts";
import type { Pass } from "../lines/passes.ts";
import type { TablePlan } from "../tables/table-plan.ts";
import { transformFault, type TransformFaults } from "../transform-faults.ts";
import type { TransformEvent, WidenedColumn } from "../transform-notes.ts";
import { planChanges, type PlannedChanges } from "./plan-of-changes.ts";
import { indexChanges } from "./index-changes.ts";
import { planIndexes } from "../tables/index-plan.ts";
import { optionsNotCarried } from "../not-carried.ts";
import { sourceDefinition } from "../collections/source-definition.ts";

/** An existing table, and the plan by which lines become its rows. */
export interface PlannedTable {
  readonly plan: TablePlan | OriginalTablePlan;
  readonly table: MysqlTable;
  readonly widened?: readonly WidenedColumn[];
  readonly decisions?: readonly ReadonlyMap<number, LineDecision>[];
  readonly notCarried: readonly NotCarried[];
}

/**
 * Plans the rows of a changed table, so that they go into the table as the chain has it.
 *
 * @throws {FirebreakError} `delta-unplanned` if the table has other columns now, has no key, or was made by
 * another version.
 */
export async function* planOf(
  { source, pass: shared, targetFacts }: FolderTask,
  pass: Pass,
  ns: SourceNamespace,
  table: MysqlTable,
): AsyncGenerator<TransformEvent, PlannedTable> {
  const unplanned = (why: TransformFaults["delta-unplanned"]["why"]): unknown =>
    transformFault("delta-unplanned", { table: table.table, namespace: ns.namespace, why });
  if (table.own === undefined) {
    const planned = yield* planChanges(pass, ns, table, targetFacts);
    if (planned === undefined) throw unplanned("other-version");
    return { ...planned, ...(await definitionAfter(pass, ns, planned)) };
  }
  const [described] = await describeTables({ source, pass: shared }, [ns]);
  if (described === undefined) throw unplanned("other-columns");
  const plan = { ...described.plan, database: table.database, table: table.table };
  if (!hasColumnsOf(table, plan)) throw unplanned("other-columns");
  if (plan.keyColumns.length === 0) throw unplanned("no-key");
  return { plan, table, notCarried: described.notCarried };
}

/** True if a plan's rows fit a table and are hashed like the existing rows. */
function hasColumnsOf(table: MysqlTable, plan: OriginalTablePlan): boolean {
  const shapeOf = ({ columns, keyColumns, rowEncoding }: MysqlTable | OriginalTablePlan): string =>
    JSON.stringify([
      columns.map(({ name, sqlType, form }) => [name, sqlType, form]),
      keyColumns,
      rowEncoding,
    ]);
  return shapeOf(table) === shapeOf(plan);
}

/** Returns the table with the indexes that its collection has now, and what else of its definition is lost. */
async function definitionAfter(
  pass: Pass,
  ns: SourceNamespace,
  { plan, table }: Pick<PlannedChanges, "plan" | "table">,
): Promise<Pick<PlannedTable, "table" | "notCarried">> {
  const definition = await sourceDefinition(pass, ns);
  const planned = planIndexes(plan, definition.indexes);
  const { indexes, statements } = indexChanges(table, planned);
  const alter = [...(table.alter ?? []), ...statements];
  return {
    table: { ...table, indexes: [...indexes], ...(alter.length === 0 ? {} : { alter }) },
    notCarried: [...planned.notCarried, ...optionsNotCarried(definition.optionsText)],
  };
}
