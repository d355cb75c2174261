import { basename, join } from "node:path";
import { csvRows } from "@firebreak/mysql-format";
import { LineSorter } from "@firebreak/items";
import { logicalTable, safeName } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import type { FoundRefusal, LoadWork, Refusal } from "../parts/part-work.ts";
import { RowFile } from "../parts/row-file.ts";
import { DUPLICATE_KEY } from "../parts/send-checked.ts";
import { Settling, type Destination } from "../parts/settling.ts";
import { keyOfIndex, planMerge, type MergePlan } from "./plan-merge.ts";

/** The result of a merge of rows. Dispose of it when done. */
export interface MergedRows extends AsyncDisposable {
  readonly presentCount: number;
  /** Rows that differ in the target, and rows that the target refused; in the order of the rows. */
  readonly refused: readonly Refusal[];
  /** Yields the same with the target's rows, which may be more than fit in memory. */
  withFound(): AsyncGenerator<FoundRefusal>;
}

/**
 * Adds the rows whose key the table lacks. Existing rows stay as they are, even if they differ from the
 * archive's. Runs in the caller's counted transaction.
 *
 * @throws {FirebreakError} `quarantine-full`.
 */
export async function mergeRows(
  session: MysqlSession,
  work: LoadWork,
  to: Destination,
  rows: RowFile,
): Promise<MergedRows> {
  const table = logicalTable(to.table);
  const numberOf = to.rowNumber ?? ((index: number) => index + 1);
  const place = [to.database, table.table, basename(to.file)].map(safeName).join("-");
  const found = new LineSorter(join(work.work, `found-${place}`));
  const take = (index: number): void => {
    work.limit.add(table.table, to.file, `row ${numberOf(index)}: ${DIFFERENT}`);
  };
  try {
    const plan = await planMerge(session, to.database, table, rows, { take, found });
    const notAdded = await addRows(session, work, to, rows, plan);
    const different = plan.different.map((index): Refusal => ({
      index,
      errno: DUPLICATE_KEY,
      message: DIFFERENT,
      columns: table.keyColumns,
    }));
    const refused = [...different, ...notAdded].toSorted((a, b) => a.index - b.index);
    return {
      presentCount: plan.presentCount,
      refused,
      withFound: () => withFound(refused, found),
      [Symbol.asyncDispose]: () => found.close(),
    };
  } catch (error) {
    await found.close();
    throw error;
  }
}

const DIFFERENT = "the table has a row with this key and other values";

/** Sends the rows whose key the table lacks, and returns those that it refuses. */
async function addRows(
  session: MysqlSession,
  work: LoadWork,
  to: Destination,
  rows: RowFile,
  { added }: MergePlan,
): Promise<Refusal[]> {
  const numberOf = to.rowNumber ?? ((index: number) => index + 1);
  await using toAdd = await RowFile.fill(work.work, rowsOf(rows, added));
  const settling = new Settling(
    session,
    work,
    { ...to, rowNumber: (index) => numberOf(added[index]!) },
    toAdd,
  );
  const isRefused = toAdd.rowCount > 0 && (await settling.attempt(0, toAdd.rowCount)) !== undefined;
  if (isRefused) await settling.settleAll();
  return settling.refused.map((r) => ({ ...r, index: added[r.index]! }));
}

async function* withFound(refused: readonly Refusal[], found: LineSorter): AsyncGenerator<FoundRefusal> {
  const rows = (async function* () {
    yield* await found.sorted();
  })();
  let next = await rows.next();
  for (const refusal of refused)
    if (next.done === true || !next.value.key.equals(keyOfIndex(refusal.index))) yield refusal;
    else {
      yield { ...refusal, found: next.value.line };
      next = await rows.next();
    }
  await rows.return(undefined);
}

/** Yields the rows with these indexes, which ascend. */
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
