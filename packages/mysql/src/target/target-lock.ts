import { createHash } from "node:crypto";
import { MysqlSession, type MysqlTarget } from "../driver/connect.ts";
import { mysqlFault } from "../driver/mysql-faults.ts";

/** The time to wait for a lock. The server may not yet have noticed that a killed run is gone. */
const WAIT_SECONDS = 3;

const HEARTBEAT_MS = 5_000;

/** Returns the name of the lock on a database, at most 64 characters (manual, 14.14). */
function lockName(database: string): string {
  return `firebreak:${createHash("sha256").update(database).digest("hex").slice(0, 40)}`;
}

/**
 * A lock that admits one run at a time to a database: GET_LOCK on a connection of its own. The
 * server releases it when that connection ends, however it ends. A run whose connection ended must
 * stop.
 */
export class TargetLock {
  readonly #session: MysqlSession;
  readonly #databases: readonly string[];
  readonly #heartbeat: NodeJS.Timeout;
  #isLost = false;

  private constructor(session: MysqlSession, databases: readonly string[]) {
    this.#session = session;
    this.#databases = databases;
    session.connection.on("error", () => (this.#isLost = true));
    session.connection.on("end", () => (this.#isLost = true));
    // Also keeps wait_timeout from ending the connection.
    this.#heartbeat = setInterval(() => void this.#ask(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /**
   * Takes the lock on each of the databases.
   *
   * @throws {FirebreakError} `mysql-locked` if another run holds one of them.
   */
  static async take(target: MysqlTarget, databases: readonly string[]): Promise<TargetLock> {
    const session = await MysqlSession.open(target);
    try {
      for (const database of [...databases].sort()) {
        const [row] = await session.rows<{ taken: string | number | null; holder: string | null }>(
          "SELECT GET_LOCK(?, ?) AS taken, CAST(IS_USED_LOCK(?) AS CHAR) AS holder",
          [lockName(database), WAIT_SECONDS, lockName(database)],
        );
        if (String(row?.taken) !== "1")
          throw mysqlFault("mysql-locked", {
            server: target.server,
            database,
            connection: row?.holder ?? "unknown",
          });
      }
      return new TargetLock(session, databases);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Returns the connection of the run that holds a database's lock; undefined if no run is at work. */
  static async holder(session: MysqlSession, database: string): Promise<string | undefined> {
    const [row] = await session.rows<{ id: string | null }>("SELECT CAST(IS_USED_LOCK(?) AS CHAR) AS id", [
      lockName(database),
    ]);
    return row?.id ?? undefined;
  }

  /**
   * Throws unless the lock is held.
   *
   * @throws {FirebreakError} `mysql-lock-lost`: nothing more may be written.
   */
  assertHeld(): void {
    const { server } = this.#session.target;
    if (this.#isLost) throw mysqlFault("mysql-lock-lost", { server, databases: this.#databases });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.#session.close();
  }

  async #ask(): Promise<void> {
    await this.#session.rows("SELECT 1").catch(() => (this.#isLost = true));
  }
}
