import {
  createLedger,
  databaseExists,
  hasLedger,
  LEDGER,
  ledgerName,
  ledgerSubject,
  tableName,
  type MysqlSession,
} from "@firebreak/mysql";

/** Returns the ledger's name for an unfinished restore. Its row has no table. */
function markOf(identity: string): string {
  return ledgerName({ kind: "restore", restore: identity });
}

async function marksIn(
  session: MysqlSession,
  database: string,
): Promise<{ readonly part: string; readonly ended: string | number }[]> {
  if (!(await databaseExists(session, database))) return [];
  if (!(await hasLedger(session, database))) return [];
  const rows = await session.rows<{ part: string; ended: string | number }>(
    `SELECT part, row_count AS ended FROM ${tableName(database, LEDGER)} WHERE table_name = ''`,
  );
  return rows.filter(({ part }) => ledgerSubject(part).kind === "restore");
}

/** The unfinished restore of a database: this one or another. */
export interface RestoreMark {
  readonly isThis: boolean;
  /** True if it reached its end and something was not as it should be. */
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
 * Notes that objects in the way are this restore's own from now on. Also notes the database's
 * collation, since some objects are created under another.
 *
 * @param isEnded true if the restore reached its end and something was not as it should be.
 */
export async function writeMark(
  session: MysqlSession,
  database: string,
  identity: string,
  isEnded = false,
): Promise<void> {
  await createLedger(session, database);
  await session.run(
    `INSERT INTO ${tableName(database, LEDGER)}
      (table_name, part, row_count, quarantined_count, quarantine, plain_sha256, loaded_at)
      VALUES ('', ?, ?, 0, ?, ?, UTC_TIMESTAMP(3)) ON DUPLICATE KEY UPDATE row_count = ?`,
    [markOf(identity), isEnded ? 1 : 0, await collationNow(session, database), identity, isEnded ? 1 : 0],
  );
}

/** Returns the collation that a database had when a restore into it began; undefined without its mark. */
export async function collationBefore(
  session: MysqlSession,
  database: string,
  identity: string,
): Promise<string | undefined> {
  const [row] = await session.rows<{ collation: string | null }>(
    `SELECT quarantine AS collation FROM ${tableName(database, LEDGER)} WHERE table_name = '' AND part = ?`,
    [markOf(identity)],
  );
  return row?.collation ?? undefined;
}

/** Returns the collation of tables and routines that are created in a database and name none. */
export async function collationNow(session: MysqlSession, database: string): Promise<string> {
  const [row] = await session.rows<{ collation: string }>(
    "SELECT default_collation_name AS collation FROM information_schema.schemata WHERE schema_name = ?",
    [database],
  );
  return row!.collation;
}

/**
 * Removes the ledger's rows about these tables and about restores. Drops the ledger if nothing else
 * is in it.
 */
export async function clearLedger(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
): Promise<void> {
  if (!(await hasLedger(session, database))) return;
  const ledger = tableName(database, LEDGER);
  for (const table of tables) await session.run(`DELETE FROM ${ledger} WHERE table_name = ?`, [table]);
  await session.run(`DELETE FROM ${ledger} WHERE table_name = '' AND part LIKE 'restore/%'`);
  const [left] = await session.rows(`SELECT 1 FROM ${ledger} LIMIT 1`);
  if (left === undefined) await session.run(`DROP TABLE ${ledger}`);
}
