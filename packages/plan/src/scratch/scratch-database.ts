import { quoteIdentifier } from "@firebreak/mysql-format";
import {
  databaseExists,
  LEDGER,
  MysqlSession,
  mysqlTarget,
  tableName,
  type Application,
} from "@firebreak/mysql";
import { planFault } from "../plan-faults.ts";

/** A database of the target that exists only during a probe or a rehearsal. */
export class ScratchDatabase {
  /** The URL that names it. */
  readonly url: string;
  readonly #serverUrl: string;
  readonly #name: string;
  readonly #mark: string;
  /** The database that the given URL names, if any. */
  readonly #like: string | undefined;

  /**
   * @param url that of the target. The database itself is made by `create`.
   * @param mark the name of a table by which the database is known to be this one. No other is ever dropped.
   */
  constructor(url: string, name: string, mark: string) {
    this.#mark = mark;
    const named = new URL(url);
    named.pathname = "/";
    this.#serverUrl = named.href;
    named.pathname = `/${encodeURIComponent(name)}`;
    this.url = named.href;
    this.#name = name;
    this.#like = mysqlTarget(url).database;
  }

  /**
   * Creates the database. For an application's own tables it gets empty copies of those of the target, and the
   * history of their migrations.
   *
   * @throws {FirebreakError} `probe-taken` if there is one of this name, whatever is in it; or of mysql.
   */
  async create(application: Application | undefined): Promise<void> {
    await withSession(this.#serverUrl, async (session) => {
      if (await databaseExists(session, this.#name))
        throw planFault("probe-taken", { server: session.target.server, database: this.#name });
      await session.run(`CREATE DATABASE ${quoteIdentifier(this.#name)} DEFAULT CHARACTER SET utf8mb4`);
      await session.run(`CREATE TABLE ${tableName(this.#name, this.#mark)} (id INT PRIMARY KEY)`);
      if (application !== undefined && this.#like !== undefined)
        await this.#copyTables(session, application, this.#like);
    });
  }

  /** Makes the database anew, so that the next probe finds no rows. */
  async empty(application: Application | undefined): Promise<void> {
    await this.drop();
    await this.create(application);
  }

  /** Drops the database. One without the mark is somebody's own, and stays as it is. */
  async drop(): Promise<void> {
    await withSession(this.#serverUrl, async (session) => {
      const marks = await session.rows(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
        [this.#name, this.#mark],
      );
      if (marks.length > 0) await session.run(`DROP DATABASE ${quoteIdentifier(this.#name)}`);
    });
  }

  async #copyTables(session: MysqlSession, { historyTable }: Application, like: string): Promise<void> {
    const tables = await session.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = ? AND table_type = 'BASE TABLE' AND table_name <> ?`,
      [like, LEDGER],
    );
    for (const { name } of tables)
      await session.run(`CREATE TABLE ${tableName(this.#name, name)} LIKE ${tableName(like, name)}`);
    if (tables.some(({ name }) => name === historyTable))
      await session.run(
        `INSERT INTO ${tableName(this.#name, historyTable)} SELECT * FROM ${tableName(like, historyTable)}`,
      );
  }
}

async function withSession<R>(url: string, work: (session: MysqlSession) => Promise<R>): Promise<R> {
  const session = await MysqlSession.open(mysqlTarget(url));
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
