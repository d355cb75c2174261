import { cellOf, cellOfLine } from "@firebreak/mysql-format";
import { fieldsOf, type ReadLine } from "@firebreak/archive";
import { ID } from "../collections/document-key.ts";
import type { OriginalTablePlan } from "../tables/original-table-plan.ts";
import { rowFields } from "../tables/row-fields.ts";
import type { TablePlan } from "../tables/table-plan.ts";

/**
 * Returns the cells of a row's key, in the order of the table's `keyColumns`, from a line or its key line.
 * Returns undefined if no row of the table can have the key.
 */
export function keyCellsOf(plan: TablePlan | OriginalTablePlan, read: ReadLine): string[] | undefined {
  return plan.kind === "generic" ? genericKey(plan, read) : originalKey(plan, read);
}

function genericKey({ columns: [key] }: TablePlan, { fields }: ReadLine): string[] | undefined {
  for (let i = 0; i < fields.count; i++) {
    if (fields.names[i] !== ID) continue;
    const cell = cellOf(key!.rule, fields, i);
    return cell === undefined ? undefined : [cell];
  }
  return undefined;
}

function originalKey(plan: OriginalTablePlan, read: ReadLine): string[] | undefined {
  const { documentKey, sourceColumns, keyColumns } = plan;
  const found = documentKey === undefined ? read.fields : rowFields(read, documentKey);
  if ("reason" in found) return undefined;
  const fields = "count" in found ? found : fieldsOf(found);
  const cells: string[] = [];
  for (const name of keyColumns) {
    const i = fields.names.indexOf(name);
    const column = sourceColumns.find((c) => c.name === name);
    if (i < 0 || i >= fields.count || column === undefined) return undefined;
    const cell = cellOfLine(column, fields, i);
    if (cell === undefined || cell === null) return undefined;
    cells.push(cell);
  }
  return cells;
}
