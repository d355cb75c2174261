import { about, eachPart, FirebreakError, type MysqlTable } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import {
  indexNames,
  mysqlTarget,
  SessionPool,
  settleAutoIncrement,
  type MysqlSession,
} from "@firebreak/mysql";
import type { LoadOptions } from "./load.ts";
import type { PlannedTable } from "./load-plan.ts";
import type { LoadEvent } from "./load-notes.ts";

/**
 * Finishes tables when all rows are in: builds the missing secondary indexes and sets AUTO_INCREMENT
 * counters. Indexes that an earlier run was building when it or the server was killed are built again: DDL is
 * atomic in both servers, so such an index exists as a whole or not at all.
 *
 * Building an index at once is several times faster than growing it row by row.
 */
export async function* finishTables(
  { url, jobs }: Pick<LoadOptions, "url" | "jobs">,
  planned: readonly PlannedTable[],
): AsyncGenerator<LoadEvent> {
  const sessions = new SessionPool(mysqlTarget(url));
  const notes: LoadEvent[] = [];
  const finish = (plan: PlannedTable): Promise<void> =>
    about(`${plan.database}.${plan.table.table}`, () =>
      sessions.use(async (session) => {
        await buildIndexes(session, plan);
        // A table's own statement sets the next number, and an application's own table is not altered.
        if (plan.table.own !== undefined || plan.table.isGiven === true) return;
        const unset = await settleAutoIncrement(session, plan.database, plan.table.table);
        if (unset !== undefined)
          notes.push({ kind: "note", code: "load-counter", fields: { table: plan.table.table, ...unset } });
      }),
    );
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

async function buildIndexes(session: MysqlSession, { database, table }: PlannedTable): Promise<void> {
  if (table.indexes.length === 0) return;
  const present = await indexNames(session, database, table.table);
  const missing = table.indexes.filter((i) => !present.has(i.name));
  if (missing.length > 0) await session.run(`USE ${quoteIdentifier(database)}`);
  if (missing.length > 1 && (await buildTogether(session, table.table, missing))) return;
  for (const index of missing) await session.run(index.statement);
}

/**
 * Builds indexes in one statement, for which the server reads the table once: two take a third less time
 * (MySQL 9.7, tried). Returns false if nothing was built. Built one after the other, they need less room and
 * no ALTER privilege, and an error names one index.
 */
async function buildTogether(
  session: MysqlSession,
  table: string,
  indexes: MysqlTable["indexes"],
): Promise<boolean> {
  const additions = indexes.map((index) => additionOf(table, index));
  if (additions.includes(undefined)) return false;
  try {
    await session.run(`ALTER TABLE ${quoteIdentifier(table)} ${additions.join(", ")}`);
    return true;
  } catch (error) {
    if (error instanceof FirebreakError) return false;
    throw error;
  }
}

/** Returns the part of an ALTER TABLE that equals a CREATE INDEX; undefined for any other statement. */
function additionOf(table: string, { name, statement }: MysqlTable["indexes"][number]): string | undefined {
  for (const kind of ["INDEX", "UNIQUE INDEX"]) {
    const opening = `CREATE ${kind} ${quoteIdentifier(name)} ON ${quoteIdentifier(table)} `;
    if (statement.startsWith(opening))
      return `ADD ${kind} ${quoteIdentifier(name)} ${statement.slice(opening.length)}`;
  }
  return undefined;
}
