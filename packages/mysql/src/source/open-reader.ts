import { MysqlSession, type MysqlTarget } from "../driver/connect.ts";

/** The timeout, in seconds, of a session that waits long for its turn or for the caller to take its rows. */
const PATIENCE_SECONDS = 31_536_000;

/**
 * The settings that a session needs, besides those of all sessions, to read a source as it is: it
 * writes nothing; statements that create tables come in MySQL's own spelling; it may compare with
 * invalid dates.
 */
const READER = [
  "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
  "SET SESSION sql_mode = 'ALLOW_INVALID_DATES'",
  "SET SESSION sql_quote_show_create = 1",
  `SET SESSION wait_timeout = ${PATIENCE_SECONDS}, SESSION net_write_timeout = ${PATIENCE_SECONDS}, SESSION net_read_timeout = ${PATIENCE_SECONDS}`,
  "/*M!100309 SET SESSION idle_transaction_timeout = 0, SESSION idle_readonly_transaction_timeout = 0 */",
] as const;

/**
 * Opens a session that reads a source. The caller closes it.
 *
 * @throws {FirebreakError} any `mysql-…` code.
 */
export async function openReader(target: MysqlTarget): Promise<MysqlSession> {
  const session = await MysqlSession.open(target);
  try {
    for (const statement of READER) await session.run(statement);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Opens a reader that sees all rows as they are at this moment, until it ends (manual, 15.3.1). */
export async function openSnapshot(target: MysqlTarget): Promise<MysqlSession> {
  const session = await openReader(target);
  try {
    await session.run("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}
