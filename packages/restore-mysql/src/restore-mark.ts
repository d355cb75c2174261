import {
  createLedger,
  databaseExists,
  LEDGER,
  tableFacts,
  tableName,
  type MysqlSession,
} from "@firebreak/mysql";

/** What the ledger calls an unfinished restore; no part's name has this form, no table's is empty. */
function markOf(identity: string): string {
  return `restore/${identity.slice(0, 16)}`;
}

async function marksIn(
  session: MysqlSession,
  database: string,
): Promise<{ readonly part: string; readonly ended: string | number }[]> {
  if (!(await databaseExists(session, database))) return [];
  if ((await tableFacts(session, database, LEDGER)) === undefined) return [];
  return session.rows(
    `SELECT part, row_count AS ended FROM ${tableName(database, LEDGER)} WHERE table_name = '' AND part LIKE 'restore/%'`,
  );
}

/** Whose restore a database has that is not done with: this one, another, or none. */
export interface RestoreMark {
  readonly isThis: boolean;
  /** Whether it went to its end, where something was not as it should be. */
  readonly isEnded: boolean;
}

export async function restoreIn(
  session: MysqlSession,
  database: string,
  identity: string,
): Promise<RestoreMark | undefined> {
  const marks = await marksIn(session, database);
  const mark = marks.find((m) => m.part === markOf(identity)) ?? marks[0];
  return mark === undefined
    ? undefined
    : { isThis: mark.part === markOf(identity), isEnded: Number(mark.ended) === 1 };
}

/**
 * Notes that from now on what is in the way there is this restore's own.
 *
 * @param isEnded whether it went to its end, and something was not as it should be.
 */
export async function writeMark(
  session: MysqlSession,
  database: string,
  identity: string,
  isEnded = false,
): Promise<void> {
  await createLedger(session, database);
  await session.run(
    `REPLACE INTO ${tableName(database, LEDGER)}
      (table_name, part, row_count, quarantined_count, quarantine, plain_sha256, loaded_at)
      VALUES ('', ?, ?, 0, NULL, ?, UTC_TIMESTAMP(3))`,
    [markOf(identity), isEnded ? 1 : 0, identity],
  );
}

/** Takes what was noted of these tables, and of restores, out of the ledger, and the ledger itself where nothing else is in it. */
export async function clearLedger(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
): Promise<void> {
  if ((await tableFacts(session, database, LEDGER)) === undefined) return;
  const ledger = tableName(database, LEDGER);
  for (const table of tables) await session.run(`DELETE FROM ${ledger} WHERE table_name = ?`, [table]);
  await session.run(`DELETE FROM ${ledger} WHERE table_name = '' AND part LIKE 'restore/%'`);
  const [left] = await session.rows(`SELECT 1 FROM ${ledger} LIMIT 1`);
  if (left === undefined) await session.run(`DROP TABLE ${ledger}`);
}
