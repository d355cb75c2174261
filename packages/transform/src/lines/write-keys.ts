import {
  LazyPart,
  type PartEntry,
  type ReadLine,
  fieldsOf,
  LineFields,
  RAW_LINE_START,
} from "@firebreak/archive";
import { keyLineOf } from "@firebreak/items";
import { putCsvRow, cellOf, cellOfLine } from "@firebreak/mysql-format";
import { DocumentLines } from "../collections/document-lines.ts";
import { ruleMapper } from "./mapper-of.ts";
import type { DocumentMapping, RowMapping } from "./mapping.ts";
import { readSource, type Progress, type SourcePart } from "./source-part.ts";
import { ID } from "../collections/document-key.ts";
import type { OriginalTablePlan } from "../tables/original-table-plan.ts";
import { rowFields } from "../tables/row-fields.ts";
import type { TablePlan } from "../tables/table-plan.ts";

type Planned<M> = Extract<M, { readonly by: "plan" }>;

/** A task to write the keys of rows or documents, from one source part of a delta with lines or key lines. */
export interface KeysTask extends SourcePart {
  readonly mapping: Planned<RowMapping> | Planned<DocumentMapping>;
  /** The key columns of a source that has tables. */
  readonly keyColumns: readonly string[];
  readonly folder: string;
  readonly keysFile: string;
}

/** Writes the keys whose rows or documents a part of a delta supersedes. Undefined if there are none. */
export async function writeKeys(task: KeysTask, progress: Progress): Promise<PartEntry | undefined> {
  const { folder, keysFile, keys } = task;
  const part = new LazyPart({ folder, file: keysFile, recipients: keys.recipients });
  const put = keyWriter(task, part);
  try {
    await readSource(
      task,
      progress,
      (read) => {
        if (put(read)) part.lineCount++;
      },
      () => part.flush(),
    );
    return await part.seal();
  } catch (error) {
    await part.abandon();
    throw error;
  }
}

/** Returns the function that adds a line's key to a part's lines. It returns false if there is none. */
function keyWriter(
  { mapping, keyColumns, part: { file } }: KeysTask,
  { lines }: LazyPart,
): (read: ReadLine) => boolean {
  if (mapping.to === "rows")
    return (read) => {
      const cells = keyCellsOf(mapping.plan, read);
      if (cells !== undefined) putCsvRow(lines, cells);
      return cells !== undefined;
    };
  const mapper = ruleMapper(mapping, file);
  const documents = new DocumentLines();
  return (read) => {
    const line = keyLineOf(read, keyColumns);
    if (line === undefined) return false;
    documents.out.clear();
    // If a key makes no document now, it made none before.
    if ("reason" in documents.add(mapper.map({ ...readKeyLine(line), number: read.number }))) return false;
    lines.copy(documents.out.written());
    return true;
  };
}

/** Reads a key line as a line of its own. */
export function readKeyLine(line: string): Omit<ReadLine, "number"> {
  if (line.startsWith(RAW_LINE_START)) return { line, isRaw: true, fields: fieldsOf([]) };
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return { line, isRaw: false, fields };
}

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
