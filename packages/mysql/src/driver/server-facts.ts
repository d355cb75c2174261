import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "./connect.ts";
import { databaseNameProblem } from "./database-name.ts";

/** The properties of a server that preflight checks. */
export interface ServerFacts {
  readonly version: string;
  readonly isMariadb: boolean;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly hasLocalInfile: boolean;
  /** The names of the settings that make the server refuse writes. */
  readonly readOnlyBy: readonly string[];
  /** `innodb_force_recovery`: above 0 the server is being salvaged. */
  readonly forceRecovery: number;
  /** True if tables can be created in InnoDB, the engine that rolls back. */
  readonly hasInnodb: boolean;
  readonly pageBytes: number;
  readonly maxAllowedPacket: number;
  readonly lowerCaseTableNames: number;
  readonly requiresPrimaryKey: boolean;
  /** Undefined if the server writes no binary log. `keptSeconds` 0 means until somebody purges it. */
  readonly binlog: { readonly keptSeconds: number } | undefined;
  /** The number of connected replicas, as far as the user may see them. */
  readonly replicaCount: number;
  readonly hostname: string;
  readonly dataFolder: string;
}

const READ_ONLY = ["read_only", "super_read_only", "innodb_read_only"] as const;

const VARIABLES = [
  ...READ_ONLY,
  "local_infile",
  "innodb_force_recovery",
  "innodb_page_size",
  "disabled_storage_engines",
  "max_allowed_packet",
  "lower_case_table_names",
  "sql_require_primary_key",
  "innodb_force_primary_key",
  "log_bin",
  "binlog_expire_logs_seconds",
  "hostname",
  "datadir",
] as const;

/** Reads the properties of a server. A setting that the server does not know counts as off. */
export async function serverFacts(session: MysqlSession): Promise<ServerFacts> {
  const [head] = await session.rows<{ version: string }>("SELECT VERSION() AS version");
  const rows = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${VARIABLES.map((v) => `'${v}'`).join(", ")})`,
  );
  const values = new Map(rows.map((r) => [r.Variable_name, r.Value]));
  const text = (name: (typeof VARIABLES)[number]): string => values.get(name) ?? "";
  const isOn = (name: (typeof VARIABLES)[number]): boolean => !/^(|0|OFF)$/i.test(text(name));
  const version = head!.version;
  const [major = 0, minor = 0, patch = 0] = (/^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return {
    version,
    major,
    minor,
    patch,
    isMariadb: /mariadb/i.test(version),
    hasLocalInfile: isOn("local_infile"),
    readOnlyBy: READ_ONLY.filter(isOn),
    forceRecovery: Number(text("innodb_force_recovery")),
    hasInnodb: (await isInnodbThere(session)) && !/\binnodb\b/i.test(text("disabled_storage_engines")),
    pageBytes: Number(text("innodb_page_size") || 16_384),
    maxAllowedPacket: Number(text("max_allowed_packet")),
    lowerCaseTableNames: Number(text("lower_case_table_names")),
    requiresPrimaryKey: isOn("sql_require_primary_key") || isOn("innodb_force_primary_key"),
    binlog: isOn("log_bin") ? { keptSeconds: Number(text("binlog_expire_logs_seconds")) } : undefined,
    replicaCount: await countReplicas(session),
    hostname: text("hostname"),
    dataFolder: text("datadir"),
  };
}

async function isInnodbThere(session: MysqlSession): Promise<boolean> {
  const engines = await session.rows<{ Engine: string; Support: string }>("SHOW ENGINES");
  return engines.some((e) => e.Engine === "InnoDB" && /^(YES|DEFAULT)$/.test(e.Support));
}

async function countReplicas(session: MysqlSession): Promise<number> {
  // Not information_schema.processlist: MySQL 9.7 fails there while a session runs a statement with an emoji.
  const sessions = await session.rows<{ Command: string }>("SHOW PROCESSLIST");
  return sessions.filter((s) => s.Command.startsWith("Binlog Dump")).length;
}

export async function databaseExists(session: MysqlSession, database: string): Promise<boolean> {
  return (
    databaseNameProblem(database, false) === undefined &&
    (await session.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", [database]))
      .length > 0
  );
}

export async function countRows(session: MysqlSession, database: string, table: string): Promise<number> {
  const [row] = await session.rows<{ n: string }>(
    `SELECT CAST(COUNT(*) AS CHAR) AS n FROM ${tableName(database, table)}`,
  );
  return Number(row!.n);
}

export async function indexNames(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<Set<string>> {
  const rows = await session.rows<{ name: string }>(
    "SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = ? AND table_name = ?",
    [database, table],
  );
  return new Set(rows.map((r) => r.name));
}

export function tableName(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}
