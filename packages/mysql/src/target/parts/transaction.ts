import { setTimeout as delay } from "node:timers/promises";
import { FirebreakError } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";

/**
 * If two parts want the same rows at once, the server ends one of the two transactions, and it is retried.
 */
const MAX_TRIES = 10;
const FIRST_WAIT_MS = 50;

/**
 * Runs work in one transaction: committed as a whole, or rolled back if anything in it fails. If the server
 * reports a conflict with other transactions, the work is retried with a backoff.
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
