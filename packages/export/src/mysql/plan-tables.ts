import { memberNumbersOf, tableFileText } from "@firebreak/archive";
import {
  rangeSql,
  rowRanges,
  rowSelect,
  type FoundTable,
  type MysqlSession,
  type RowRange,
} from "@firebreak/mysql";
import type { CollectionPlan, ExportProgress, PlannedRange } from "../export-progress.ts";
import type { TaskOptions } from "../export-source.ts";
import { planCollection } from "../mongodb/plan-collection.ts";
import { lossOf } from "./snapshot-loss.ts";
import { noteUnread } from "./unread-tables.ts";
import type { RowTask } from "./write-rows.ts";

/**
 * Yields the ranges of tables that are left to read, table after table, as they are planned.
 *
 * @param expect is called with the number of rows that each table is said to have.
 */
export async function* planTables(
  { partMib, ...destination }: TaskOptions,
  planner: MysqlSession,
  tables: readonly FoundTable[],
  progress: ExportProgress,
  expect: (rows: number) => void,
): AsyncGenerator<RowTask> {
  const partBytes = partMib * 1024 * 1024;
  const plans = new Map<FoundTable, CollectionPlan>();
  for (const found of tables) {
    const { namespace, database, name: collection, kind, table, rowCount } = found;
    const plan =
      progress.plan(namespace) ??
      (await planCollection(
        destination,
        { namespace, database, collection, kind, ...memberNumbersOf(table) },
        tableFileText({ namespace, kind }, table),
        progress,
      ));
    plans.set(found, plan);
    expect(rowCount);
  }
  for (const [found, { directory }] of plans) {
    const { namespace, kind, table } = found;
    if (kind === "view") continue;
    const { columns, provedColumns, jsonColumns } = rowSelect(table.columns);
    for await (const range of readableRanges(planner, found, partBytes, progress)) {
      if (progress.finished(namespace, range.index) !== undefined) continue;
      yield {
        archive: destination.archive,
        recipients: destination.encryption?.recipients ?? [],
        namespace,
        directory,
        index: range.index,
        sql: rangeSql(found, range),
        select: { columns, provedColumns, jsonColumns },
        partBytes,
      };
    }
  }
}

/** Yields the ranges of a table until the server fails to read it. */
async function* readableRanges(
  planner: MysqlSession,
  table: FoundTable,
  partBytes: number,
  progress: ExportProgress,
): AsyncGenerator<RowRange> {
  const ranges = rangesOf(planner, table, partBytes, progress);
  while (!progress.isUnread(table.namespace)) {
    const next = await ranges.next().catch((error: unknown) => noteUnread(progress, error));
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
}

/** Yields the ranges that an earlier run planned, then new ones from the end of that plan. */
async function* rangesOf(
  planner: MysqlSession,
  table: FoundTable,
  partBytes: number,
  progress: ExportProgress,
): AsyncGenerator<RowRange> {
  const planned = progress.ranges(table.namespace).filter(isRowRange);
  yield* planned;
  const last = planned.at(-1);
  if (last !== undefined && last.max === undefined) return;
  const ranges = rowRanges(planner, table, partBytes, last);
  for (;;) {
    const next = await ranges.next().catch((error: unknown) => {
      throw lossOf(error, planner.target.server, table.namespace);
    });
    if (next.done === true) return;
    await progress.add({ kind: "planned", namespace: table.namespace, range: next.value });
    yield next.value;
  }
}

function isRowRange(range: PlannedRange): range is RowRange {
  return !("order" in range);
}
