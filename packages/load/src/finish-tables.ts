import { eachPart, quoteIdentifier, type StepEvent } from "@firebreak/archive";
import {
  allowancesToWrite,
  indexNames,
  mysqlTarget,
  SessionPool,
  settleAutoIncrement,
  tableFacts,
  tableName,
  type MysqlSession,
} from "@firebreak/mysql";
import type { LoadOptions } from "./load.ts";
import type { PlannedTable } from "./load-plan.ts";

/**
 * What is left when all rows are in: the secondary indexes that are not there yet,
 * also those that an earlier run was building when it or the server was killed
 * (both servers' DDL is atomic: such an index is there whole or not at all), and
 * AUTO_INCREMENT counters.
 *
 * Building an index at once is several times quicker than growing it row by row.
 */
export async function* finishTables(
  { url, jobs }: Pick<LoadOptions, "url" | "jobs">,
  planned: readonly PlannedTable[],
): AsyncGenerator<StepEvent> {
  const sessions = new SessionPool(mysqlTarget(url));
  const notes: StepEvent[] = [];
  const finish = (plan: PlannedTable): Promise<void> =>
    sessions.use(async (session) => {
      await buildIndexes(session, plan);
      // A table's own statement says what number comes next, and an application's own table is not altered.
      if (plan.table.own !== undefined || plan.table.isGiven === true) return;
      const unset = await settleAutoIncrement(session, plan.database, plan.table.table);
      if (unset !== undefined)
        notes.push({ kind: "note", code: "load-counter", fields: { table: plan.table.table, ...unset } });
    });
  let done = 0;
  try {
    for await (const outcome of eachPart(planned, jobs, finish)) {
      if (outcome.kind === "done") done++;
      yield { kind: "progress", stage: "indexes", items: done, bytes: 0, totalItems: planned.length };
    }
  } finally {
    await sessions.close();
  }
  yield* notes;
}

/**
 * Gives tables of engines that cannot take back half a part their own engine,
 * when all their rows are in and none of them waits in quarantine.
 */
export async function settleEngines(session: MysqlSession, planned: readonly PlannedTable[]): Promise<void> {
  for (const { database, table, done, todo } of planned) {
    if (table.isGiven === true) continue;
    const engine = table.own?.engine ?? "InnoDB";
    const isIn = todo.length === 0 && done.every(({ ledger }) => ledger.quarantinedCount === 0);
    if (engine === "InnoDB" || !isIn) continue;
    const facts = await tableFacts(session, database, table.table);
    if (facts === undefined || facts.engine === engine) continue;
    await session.allow({ ...allowancesToWrite(table), oddDates: true });
    await session.run(`ALTER TABLE ${tableName(database, table.table)} ENGINE = ${engine}`);
  }
}

async function buildIndexes(session: MysqlSession, { database, table }: PlannedTable): Promise<void> {
  if (table.indexes.length === 0) return;
  const present = await indexNames(session, database, table.table);
  const missing = table.indexes.filter((i) => !present.has(i.name));
  if (missing.length > 0) await session.run(`USE ${quoteIdentifier(database)}`);
  for (const index of missing) await session.run(index.statement);
}
