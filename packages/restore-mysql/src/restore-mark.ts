import { createLedger, databaseExists, LEDGER, tableFacts, tableName, type MysqlSession } from "@firebreak/mysql";

/** What the ledger calls an unfinished restore; no part's name has this form, no table's is empty. */
function markOf(identity: string): string {
  return `restore/${identity.slice(0, 16)}`;
}

/** The restores that are unfinished in a database, as the ledger calls them. */
async function marksIn(session: MysqlSession, database: string): Promise<string[]> {
  if (!(await databaseExists(session, database))) return [];
  if ((await tableFacts(session, database, LEDGER)) === undefined) return [];
  const rows = await session.rows<{ part: string }>(
    `SELECT part FROM ${tableName(database, LEDGER)} WHERE table_name = '' AND part LIKE 'restore/%'`,
  );
  return rows.map((r) => r.part);
}

/** Whose unfinished restore a database has: this one, another, or none. */
export async function restoreIn(
  session: MysqlSession,
  database: string,
  identity: string,
): Promise<"this" | "other" | undefined> {
  const marks = await marksIn(session, database);
  if (marks.length === 0) return undefined;
  return marks.includes(markOf(identity)) ? "this" : "other";
}

/** Notes that from now on what is in the way there is this restore's own. */
export async function writeMark(session: MysqlSession, database: string, identity: string): Promise<void> {
  await createLedger(session, database);
  await session.run(
    `REPLACE INTO ${tableName(database, LEDGER)}
      (table_name, part, row_count, quarantined_count, quarantine, plain_sha256, loaded_at)
      VALUES ('', ?, 0, 0, NULL, ?, UTC_TIMESTAMP(3))`,
    [markOf(identity), identity],
  );
}

/** Takes what was noted of these tables, and the mark, out of the ledger, and the ledger where nothing else is in it. */
export async function clearLedger(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
  identity?: string,
): Promise<void> {
  if ((await tableFacts(session, database, LEDGER)) === undefined) return;
  const ledger = tableName(database, LEDGER);
  for (const table of tables) await session.run(`DELETE FROM ${ledger} WHERE table_name = ?`, [table]);
  if (identity === undefined) return;
  await session.run(`DELETE FROM ${ledger} WHERE table_name = '' AND part = ?`, [markOf(identity)]);
  const [left] = await session.rows(`SELECT 1 FROM ${ledger} LIMIT 1`);
  if (left === undefined) await session.run(`DROP TABLE ${ledger}`);
}
