import { LineBuffer, readLines, type PartEntry, type ReadLine } from "@firebreak/archive";
import { putCsvRow } from "@firebreak/mysql-format";
import type { Keys } from "../keys.ts";
import { LazyPart } from "../lazy-part.ts";
import type { OwnTablePlan } from "../own-table-plan.ts";
import type { TablePlan } from "../table-plan.ts";
import { keyCellsOf } from "./key-cells.ts";

/** A task to write keys of rows, from one source part of a delta that has documents or key lines. */
export interface KeysTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly plan: TablePlan | OwnTablePlan;
  readonly folder: string;
  readonly keysFile: string;
  readonly keys: Keys;
}

/** Writes as CSV the keys whose rows a part of a delta supersedes. Returns undefined if there are none. */
export async function writeKeys(
  task: KeysTask,
  count: (lines: number, bytes: number) => void,
): Promise<PartEntry | undefined> {
  const rows = new LazyPart(task.folder, task.keysFile, task.keys.recipients);
  const csv = new LineBuffer();
  let rowCount = 0;
  const take = (read: ReadLine): void => {
    const cells = keyCellsOf(task.plan, read);
    if (cells === undefined) return;
    putCsvRow(csv, cells);
    rowCount++;
  };
  const flush = async (lines: number, bytes: number): Promise<void> => {
    if (rowCount > 0) await rows.write(csv.written(), rowCount);
    csv.clear();
    rowCount = 0;
    count(lines, bytes);
  };
  try {
    await readLines(task.sourceFile, task.part, task.keys, take, flush);
    return await rows.seal();
  } catch (error) {
    await rows.abandon();
    throw error;
  }
}
