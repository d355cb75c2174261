import { FirebreakError, reasonOf } from "@firebreak/archive";
import { MysqlSession, type MysqlTarget } from "../connect.ts";
import { tableName } from "../server-facts.ts";

/** A lock that waits longer for others' statements holds up all writes meanwhile. */
const WAIT_SECONDS = 20;

/** Faults for which a source is read without this lock: the user may not have it, or others do not let it be taken. */
const NO_LOCK: ReadonlySet<string> = new Set([
  "mysql-forbidden",
  "mysql-login",
  "mysql-busy",
  "mysql-read-only",
]);

type Table = { readonly database: string; readonly name: string };

/**
 * Keeps a source still for the moment in which snapshots of it are begun:
 * - `global`: FLUSH TABLES WITH READ LOCK, nothing can be written or committed.
 * - `tables`: LOCK TABLES … READ on the tables that are read.
 * - `none`: the user may have neither, and one snapshot alone is of one moment.
 *
 * Without it, transactions could be committed between two snapshots' beginnings;
 * LOCK INSTANCE FOR BACKUP does not keep them off.
 */
export class SourceLock {
  readonly kind: "global" | "tables" | "none";
  /** Why there is none. */
  readonly reason: string | undefined;
  readonly #session: MysqlSession;

  private constructor(session: MysqlSession, kind: SourceLock["kind"], reason?: string) {
    this.#session = session;
    this.kind = kind;
    this.reason = reason;
  }

  /** @throws {FirebreakError} of mysql. */
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

  /** @throws {FirebreakError} where the lock was lost meanwhile: what was begun under it is not of one moment. */
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
    return reasonOf(error.cause);
  }
}
