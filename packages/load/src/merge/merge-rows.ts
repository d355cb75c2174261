import { basename, join } from "node:path";
import { csvRows, LineSorter, logicalTable, safeName } from "@firebreak/archive";
import type { MysqlSession } from "@firebreak/mysql";
import type { FoundRefusal, LoadWork, Refusal } from "../part-work.ts";
import { RowFile } from "../row-file.ts";
import { DUPLICATE_KEY } from "../send-checked.ts";
import { Settling, type Destination } from "../settling.ts";
import { keyOfIndex, planMerge, type MergePlan } from "./plan-merge.ts";

/** What became of rows that were merged. Close it when done. */
export interface MergedRows {
  readonly presentCount: number;
  /** Those that the target has otherwise, and those that it refused; in the order of the rows. */
  readonly refused: readonly Refusal[];
  /** The same, with the rows that the target has: they may be more than there is memory for. */
  withFound(): AsyncGenerator<FoundRefusal>;
  close(): Promise<void>;
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
  const numberOf = to.rowNumber ?? ((index: number) => index + 1);
  const place = [to.database, table.table, basename(to.file)].map(safeName).join("-");
  const found = new LineSorter(join(work.work, `found-${place}`));
  let differing = 0;
  const take = (index: number): void => {
    differing++;
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
      close: () => found.close(),
    };
  } catch (error) {
    work.limit.take(differing);
    await found.close();
    throw error;
  }
}

const DIFFERENT = "the table has a row with this key and other values";

/** Sends the rows whose key the table does not have; returns those that it refuses. */
async function addRows(
  session: MysqlSession,
  work: LoadWork,
  to: Destination,
  rows: RowFile,
  { added }: MergePlan,
): Promise<Refusal[]> {
  const numberOf = to.rowNumber ?? ((index: number) => index + 1);
  const toAdd = await RowFile.fill(work.work, rowsOf(rows, added));
  const settling = new Settling(
    session,
    work,
    { ...to, rowNumber: (index) => numberOf(added[index]!) },
    toAdd,
  );
  try {
    const isRefused = toAdd.rowCount > 0 && (await settling.attempt(0, toAdd.rowCount)) !== undefined;
    if (isRefused) await settling.settleAll();
  } catch (error) {
    work.limit.take(settling.refused.length);
    throw error;
  } finally {
    await toAdd.close();
  }
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
