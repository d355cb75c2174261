import { setTimeout as delay } from "node:timers/promises";
import { createConnection, type Connection, type ResultSetHeader, type RowDataPacket } from "mysql2/promise";
import { archiveReason, FirebreakError, hasStrayAt, ReasonError, reasonOf } from "@firebreak/archive";
import type { Allowances } from "./allowances.ts";
import { databaseNameProblem } from "./database-name.ts";
import { explainMysql, mysqlFault } from "./mysql-faults.ts";
import { TLS_OPTIONS, tlsOptions } from "./tls-options.ts";
import { mysqlReason } from "./mysql-reasons.ts";

const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_MS = 2_000;
/** The maximum of max_error_count (manual, 7.1.8). */
const MOST_WARNINGS = 65_535;

/**
 * The settings of every connection, whatever the server's defaults: strict, so that the server cuts
 * or converts nothing silently; UTC; and 0 stays 0 in an AUTO_INCREMENT column (manual, 7.1.11 and
 * 15.2.9).
 */
const SESSION = [
  "SET NAMES utf8mb4",
  sqlModeStatement({ oddDates: false, enumZeros: false }),
  "SET SESSION time_zone = '+00:00'",
  "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
  // MySQL sorts the entries of a new index in 1 MiB unless told otherwise; MariaDB has no such setting.
  "SET SESSION unique_checks = 1 /*!80027 , SESSION innodb_ddl_buffer_size = 67108864 */",
  // Without autocommit, or with a COMMIT that also begins or ends something, our transactions would differ.
  "SET SESSION autocommit = 1, SESSION completion_type = 0",
  // If a server cuts a text at its spaces, it reports a note; without notes it cuts silently (both, tried).
  // A primary key that the server made must count as a column of its table (MySQL manual, 15.1.24.11).
  "SET SESSION sql_notes = 1 /*!80030 , SESSION show_gipk_in_create_table_and_information_schema = ON */",
  // A complete read must not stop at a number of rows, or at a time limit that is set for short queries.
  // Rows are looked up by many keys at once. For each key, the server would look how many rows each index has
  // of it, and read a page of each (manual, 10.2.1.2); the statistics tell which index serves best. MariaDB does
  // not read comments of versions from 50700 to 99999 as SQL.
  "SET SESSION sql_select_limit = 18446744073709551615, SESSION sql_big_selects = 1 /*!50700 , SESSION eq_range_index_dive_limit = 1 */ /*!80000 , SESSION max_execution_time = 0 */ /*M!100101 , SESSION max_statement_time = 0 */ /*M!100310 , SESSION eq_range_index_dive_limit = 1 */",
] as const;

/**
 * Returns the statement that sets the SQL mode. The mode refuses dates that no calendar has
 * (0000-00-00, 2024-02-31) and the error value 0 of ENUMs, unless a table's own values are such.
 */
function sqlModeStatement({ oddDates, enumZeros }: Pick<Allowances, "oddDates" | "enumZeros">): string {
  const strict = enumZeros ? "" : "STRICT_ALL_TABLES,";
  const dates = oddDates ? "ALLOW_INVALID_DATES" : "NO_ZERO_DATE,NO_ZERO_IN_DATE";
  return `SET SESSION sql_mode = '${strict}${dates},NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'`;
}

/** The address of a server, made from its URL once, so that errors can name it without its password. */
export interface MysqlTarget {
  readonly url: string;
  readonly server: string;
  readonly user: string;
  /** The database that the URL names, if any. All tables then go into it. */
  readonly database: string | undefined;
}

const URL_OPTIONS = ["socketPath", ...TLS_OPTIONS];

/**
 * Parses a server's URL.
 *
 * @throws {FirebreakError} `mysql-url`, also for an unknown option.
 */
export function mysqlTarget(url: string): MysqlTarget {
  try {
    if (hasStrayAt(url)) throw new ReasonError(archiveReason("url-unescaped"));
    const parsed = new URL(url);
    if (parsed.protocol !== "mysql:" && parsed.protocol !== "mariadb:")
      throw new ReasonError(mysqlReason("url-scheme"));
    // The driver ignores unknown options: a misspelt ssl-mode must not lead to an unencrypted connection.
    const strange = [...parsed.searchParams.keys()].find((name) => !URL_OPTIONS.includes(name));
    if (strange !== undefined)
      throw new ReasonError(mysqlReason("url-option", { option: strange, known: URL_OPTIONS }));
    const database = decodeURIComponent(parsed.pathname.replace(/^\//, ""));
    // MySQL has databases whose names begin with `#mysql50#`.
    if (database !== "" && databaseNameProblem(database, false) !== undefined)
      throw new ReasonError(archiveReason("database-impossible", { name: database }));
    // The driver decodes the password later. Decoding it here makes a malformed one fail now.
    decodeURIComponent(parsed.password);
    const socket = parsed.searchParams.get("socketPath");
    return {
      url: url.replace(/^mariadb:/, "mysql:"),
      server: socket ?? `${parsed.hostname || "localhost"}:${parsed.port || "3306"}`,
      user: decodeURIComponent(parsed.username),
      database: database === "" ? undefined : database,
    };
  } catch (error) {
    const reason = reasonOf(error);
    const shown = typeof reason === "string" ? reason.replaceAll(url, "…") : reason;
    throw mysqlFault("mysql-url", { reason: shown }, error);
  }
}

/**
 * A session on one connection. Values arrive as text wherever JavaScript's own types would change
 * them. The caller closes it.
 */
export class MysqlSession {
  readonly target: MysqlTarget;
  readonly connection: Connection;
  #allowances: Allowances = { oddDates: false, enumZeros: false, brokenForeignKeys: false };

  private constructor(target: MysqlTarget, connection: Connection) {
    this.target = target;
    this.connection = connection;
  }

  /** @throws {FirebreakError} `mysql-unreachable`, `mysql-login`, `mysql-database-missing`, … */
  static async open(target: MysqlTarget): Promise<MysqlSession> {
    let connection: Connection | undefined;
    try {
      const { uri, ssl } = await tlsOptions(target.url);
      connection = await createConnection({
        uri,
        ...(ssl === undefined ? {} : { ssl }),
        connectTimeout: CONNECT_TIMEOUT_MS,
        charset: "utf8mb4",
        flags: ["+LOCAL_FILES"],
        supportBigNumbers: true,
        bigNumberStrings: true,
        dateStrings: true,
        multipleStatements: false,
      });
      // Without a listener, a connection that dies between two queries would end the process. The next query
      // reports it.
      connection.on("error", () => undefined);
      const session = new MysqlSession(target, connection);
      for (const statement of SESSION) await session.run(statement);
      // Only some versions of MariaDB have this setting, and no version comment can select them.
      // Without "basic" they give no notes either.
      if ((await session.rows("SHOW SESSION VARIABLES LIKE 'note_verbosity'")).length > 0)
        await session.run("SET SESSION note_verbosity = 'basic'");
      return session;
    } catch (error) {
      // An open connection would keep the process from ending.
      connection?.destroy();
      throw explainMysql(error, target);
    }
  }

  /**
   * Returns the driver's connection inside of `connection`, of which the driver's types show nothing. `C` is
   * the part that the caller uses, as it is in the version of the driver that package.json pins.
   */
  core<C>(): C {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return (this.connection as unknown as { connection: C }).connection;
  }

  /** Runs a query and returns its rows. */
  async rows<Row>(sql: string, values: readonly (string | number | null)[] = []): Promise<Row[]> {
    try {
      const [rows] = await this.connection.query<RowDataPacket[]>(sql, [...values]);
      // The caller says which columns its query selects.
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      return rows as Row[];
    } catch (error) {
      throw explainMysql(error, this.target, sql);
    }
  }

  /** Runs a statement that returns no rows. */
  async run(sql: string, values: readonly (string | number | null)[] = []): Promise<ResultSetHeader> {
    try {
      const [result] = await this.connection.query<ResultSetHeader>(sql, [...values]);
      return result;
    } catch (error) {
      throw explainMysql(error, this.target, sql);
    }
  }

  /**
   * Restores a setting of the session. Ignores a lost connection, which has no settings: the caller
   * that met the loss reports it.
   */
  async setBack(sql: string, values: readonly string[] = []): Promise<void> {
    try {
      await this.run(sql, values);
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "mysql-lost") throw error;
    }
  }

  /** Makes the session allow exactly this. */
  async allow(wanted: Allowances): Promise<void> {
    const { oddDates, enumZeros, brokenForeignKeys } = this.#allowances;
    if (wanted.oddDates !== oddDates || wanted.enumZeros !== enumZeros)
      await this.run(sqlModeStatement(wanted));
    if (wanted.enumZeros && !enumZeros) await this.#listAllWarnings();
    if (wanted.brokenForeignKeys !== brokenForeignKeys)
      await this.run(`SET SESSION foreign_key_checks = ${wanted.brokenForeignKeys ? 0 : 1}`);
    this.#allowances = wanted;
  }

  /**
   * Raises max_error_count, since a session without strict mode warns of each value that it
   * changes. If the user may not raise it, the server's limit stays.
   */
  async #listAllWarnings(): Promise<void> {
    try {
      await this.run(`SET SESSION max_error_count = ${MOST_WARNINGS}`);
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "mysql-forbidden") throw error;
    }
  }

  async close(): Promise<void> {
    const giveUp = new AbortController();
    const ended = this.connection.end().catch(() => undefined);
    // The driver never answers for a connection that the server has already ended.
    await Promise.race([ended, delay(CLOSE_MS, undefined, { signal: giveUp.signal }).catch(() => undefined)]);
    giveUp.abort();
    this.connection.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
