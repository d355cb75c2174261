import { setTimeout as delay } from "node:timers/promises";
import { FirebreakError } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import type { LoadWork } from "./part-work.ts";

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

/**
 * Runs a part's work in such a transaction. Rows that the work puts in quarantine, or takes from it, do not
 * count towards the limit if the transaction is rolled back.
 */
export async function inCountedTransaction<R>(
  session: MysqlSession,
  work: LoadWork,
  run: (work: LoadWork) => Promise<R>,
): Promise<R> {
  return inTransaction(session, async () => {
    const limit = work.limit.share();
    try {
      return await run({ ...work, limit });
    } catch (error) {
      limit.undo();
      throw error;
    }
  });
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
