import { setTimeout as delay } from "node:timers/promises";
import { FirebreakError } from "@firebreak/archive";
import type { MysqlSession } from "@firebreak/mysql";

/** Rows that two parts want at once are nobody's fault: the server ends one of the two, and it begins again. */
const MAX_TRIES = 10;
const FIRST_WAIT_MS = 50;

/**
 * Runs work in one transaction: committed whole, or undone when anything in it
 * fails. Where the server says that others are in the way it is run again.
 */
export async function inTransaction<R>(session: MysqlSession, work: () => Promise<R>): Promise<R> {
  for (let tries = 1; ; tries++)
    try {
      return await once(session, work);
    } catch (error) {
      if (tries === MAX_TRIES || !(error instanceof FirebreakError) || error.code !== "mysql-busy")
        throw error;
      await delay(FIRST_WAIT_MS * 2 ** tries);
    }
}

async function once<R>(session: MysqlSession, work: () => Promise<R>): Promise<R> {
  await session.run("START TRANSACTION");
  try {
    const result = await work();
    await session.run("COMMIT");
    return result;
  } catch (error) {
    await session.run("ROLLBACK").catch(() => session.connection.destroy());
    throw error;
  }
}
