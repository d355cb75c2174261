import { quoteIdentifier } from "@firebreak/mysql-format";
import {
  databaseExists,
  LEDGER,
  MysqlSession,
  mysqlTarget,
  tableName,
  type Application,
} from "@firebreak/mysql";
import { planFault } from "./plan-faults.ts";

/** A database of the target that exists only during a probe or a rehearsal. */
export class ScratchDatabase {
  /** The URL that names it. */
  readonly url: string;
  readonly #serverUrl: string;
  readonly #name: string;
  /** The database that the given URL names, if any. */
  readonly #like: string | undefined;

  /** @param url that of the target. The database itself is made by `create`. */
  constructor(url: string, name: string) {
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
      if (application !== undefined && this.#like !== undefined)
        await this.#copyTables(session, application, this.#like);
    });
  }

  /** Makes the database anew, so that the next probe finds no rows. */
  async empty(application: Application | undefined): Promise<void> {
    await this.drop();
    await this.create(application);
  }

  async drop(): Promise<void> {
    await withSession(this.#serverUrl, (session) =>
      session.run(`DROP DATABASE IF EXISTS ${quoteIdentifier(this.#name)}`),
    );
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
