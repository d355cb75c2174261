import { csvRows, logicalTable } from "@firebreak/archive";
import type { MysqlSession } from "@firebreak/mysql";
import type { LoadWork, Refusal } from "../part-work.ts";
import { RowFile } from "../row-file.ts";
import { DUPLICATE_KEY } from "../send-checked.ts";
import { Settling, type Destination } from "../settling.ts";
import { planMerge } from "./plan-merge.ts";

/** What became of rows that were merged. */
export interface MergedRows {
  readonly presentCount: number;
  /** Those that the target has otherwise, and those that it refused; in the order of the rows. */
  readonly refused: readonly Refusal[];
}

/**
 * Adds to a table the rows whose key it does not have. Rows that it has are left
 * as they are, also where they differ from the archive's. In a transaction of the caller's.
 *
 * @throws {FirebreakError} `quarantine-full`; then none of these rows counts for the limit.
 */
export async function mergeRows(
  session: MysqlSession,
  work: LoadWork,
  to: Destination,
  rows: RowFile,
): Promise<MergedRows> {
  const table = logicalTable(to.table);
  const plan = await planMerge(session, to.database, table, rows);
  const numberOf = to.rowNumber ?? ((index: number) => index + 1);
  const toAdd = await RowFile.fill(work.work, rowsOf(rows, plan.added));
  const settling = new Settling(
    session,
    work,
    { ...to, rowNumber: (index) => numberOf(plan.added[index]!) },
    toAdd,
  );
  let differing = 0;
  try {
    for (const { index } of plan.different) {
      work.limit.add(table.table, to.file, `row ${numberOf(index)}: ${DIFFERENT}`);
      differing++;
    }
    const isRefused = toAdd.rowCount > 0 && (await settling.attempt(0, toAdd.rowCount)) !== undefined;
    if (isRefused) await settling.settleAll();
  } catch (error) {
    work.limit.take(differing + settling.refused.length);
    throw error;
  } finally {
    await toAdd.close();
  }
  const refused: Refusal[] = [
    ...plan.different.map(({ index, found }) => ({
      index,
      errno: DUPLICATE_KEY,
      message: DIFFERENT,
      columns: table.keyColumns,
      found,
    })),
    ...settling.refused.map((r) => ({ ...r, index: plan.added[r.index]! })),
  ];
  return { presentCount: plan.presentCount, refused: refused.toSorted((a, b) => a.index - b.index) };
}

const DIFFERENT = "the table has a row with this key and other values";

/** Some of the rows, by their index, ascending. */
async function* rowsOf(rows: RowFile, indexes: readonly number[]): AsyncGenerator<Buffer> {
  let index = 0;
  let next = 0;
  for await (const csv of csvRows(rows.rows(0, rows.rowCount))) {
    if (indexes[next] === index) {
      yield csv;
      next++;
    }
    index++;
  }
}
