import { FirebreakError, wordsOf } from "@firebreak/archive";
import { MysqlSession, type MysqlTarget } from "../driver/connect.ts";
import { tableName } from "../driver/server-facts.ts";

/** The maximum wait. While a lock waits for others' statements, it holds up all writes. */
const WAIT_SECONDS = 20;

/** Faults after which a source is read without this lock: the user may not take it, or others block it. */
const NO_LOCK: ReadonlySet<string> = new Set([
  "mysql-forbidden",
  "mysql-login",
  "mysql-busy",
  "mysql-read-only",
]);

type Table = { readonly database: string; readonly name: string };

/**
 * Blocks writes to a source while its snapshots begin:
 * - `global`: FLUSH TABLES WITH READ LOCK, nothing can be written or committed.
 * - `tables`: LOCK TABLES … READ on the tables that are read.
 * - `none`: the user may take neither; then only a single snapshot is of one moment.
 *
 * Without the lock, a transaction could commit between the beginnings of two snapshots. LOCK
 * INSTANCE FOR BACKUP does not prevent that.
 */
export class SourceLock {
  readonly kind: "global" | "tables" | "none";
  /** The reason why there is no lock. */
  readonly reason: string | undefined;
  readonly #session: MysqlSession;

  private constructor(session: MysqlSession, kind: SourceLock["kind"], reason?: string) {
    this.#session = session;
    this.kind = kind;
    this.reason = reason;
  }

  /**
   * Takes the first of these locks that the user may take.
   *
   * @throws {FirebreakError} any `mysql-…` code.
   */
  static async take(target: MysqlTarget, tables: readonly Table[]): Promise<SourceLock> {
    const session = await MysqlSession.open(target);
    try {
      await session.run(`SET SESSION lock_wait_timeout = ${WAIT_SECONDS}`);
      const refusal = await refusalOf(session, "FLUSH TABLES WITH READ LOCK");
      if (refusal === undefined) return new SourceLock(session, "global");
      if (tables.length === 0) return new SourceLock(session, "none", refusal);
      const list = tables.map((t) => `${tableName(t.database, t.name)} READ`).join(", ");
      const second = await refusalOf(session, `LOCK TABLES ${list}`);
      return second === undefined
        ? new SourceLock(session, "tables")
        : new SourceLock(session, "none", `${refusal}; ${second}`);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /**
   * Releases the lock.
   *
   * @throws {FirebreakError} if the lock was lost: the snapshots begun under it are not of one
   * moment.
   */
  async release(): Promise<void> {
    try {
      await this.#session.run("UNLOCK TABLES");
    } finally {
      await this.#session.close();
    }
  }
}

async function refusalOf(session: MysqlSession, statement: string): Promise<string | undefined> {
  try {
    await session.run(statement);
    return undefined;
  } catch (error) {
    if (!(error instanceof FirebreakError) || !NO_LOCK.has(error.code)) throw error;
    return wordsOf(error.cause);
  }
}
