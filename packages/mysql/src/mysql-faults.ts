import { faultOf, FirebreakError, reasonOf } from "@firebreak/archive";

/** What can go wrong with a MySQL or MariaDB server. */
export interface MysqlFaults {
  "mysql-url": { reason: string };
  "mysql-unreachable": { server: string; reason: string };
  "mysql-login": { server: string; user: string; reason: string };
  "mysql-tls": { server: string; reason: string };
  "mysql-login-kind": { server: string; user: string; reason: string };
  "mysql-database-missing": { server: string; database: string };
  "mysql-forbidden": { server: string; reason: string };
  "mysql-read-only": { server: string; reason: string };
  "mysql-disk-full": { server: string; reason: string };
  "mysql-lost": { server: string; reason: string };
  "mysql-failed": { server: string; reason: string };
  "mysql-busy": { server: string; reason: string };
  "mysql-data": { server: string; reason: string; errno: number };
  "mysql-locked": { server: string; database: string; connection: string };
  "mysql-lock-lost": { server: string };
  "mysql-value-large": { server: string; column: string };
}

export const mysqlFault: ReturnType<typeof faultOf<MysqlFaults>> = faultOf<MysqlFaults>({
  "mysql-url": 2,
  "mysql-unreachable": 7,
  "mysql-login": 6,
  "mysql-tls": 6,
  "mysql-login-kind": 6,
  "mysql-database-missing": 6,
  "mysql-forbidden": 6,
  "mysql-read-only": 6,
  "mysql-disk-full": 7,
  "mysql-lost": 7,
  "mysql-failed": 7,
  "mysql-busy": 7,
  "mysql-data": 7,
  "mysql-locked": 6,
  "mysql-lock-lost": 7,
  "mysql-value-large": 6,
});

/** By the server's error symbol (MySQL error reference; MariaDB shares these) or the socket's. */
const BY_CODE: Readonly<
  Record<
    string,
    | "mysql-tls"
    | "mysql-unreachable"
    | "mysql-forbidden"
    | "mysql-read-only"
    | "mysql-disk-full"
    | "mysql-lost"
    | "mysql-busy"
  >
> = {
  ECONNREFUSED: "mysql-unreachable",
  ENOENT: "mysql-unreachable",
  ENOTFOUND: "mysql-unreachable",
  EAI_AGAIN: "mysql-unreachable",
  EHOSTUNREACH: "mysql-unreachable",
  ENETUNREACH: "mysql-unreachable",
  ETIMEDOUT: "mysql-unreachable",
  EACCES: "mysql-unreachable",
  HANDSHAKE_SSL_ERROR: "mysql-tls",
  HANDSHAKE_NO_SSL_SUPPORT: "mysql-tls",
  ER_SECURE_TRANSPORT_REQUIRED: "mysql-tls",
  ER_SERVER_SHUTDOWN: "mysql-lost",
  ECONNRESET: "mysql-lost",
  EPIPE: "mysql-lost",
  PROTOCOL_CONNECTION_LOST: "mysql-lost",
  ER_TABLEACCESS_DENIED_ERROR: "mysql-forbidden",
  ER_COLUMNACCESS_DENIED_ERROR: "mysql-forbidden",
  ER_SPECIFIC_ACCESS_DENIED_ERROR: "mysql-forbidden",
  ER_DBACCESS_DENIED_ERROR: "mysql-forbidden",
  ER_OPTION_PREVENTS_STATEMENT: "mysql-read-only",
  ER_READ_ONLY_MODE: "mysql-read-only",
  ER_RECORD_FILE_FULL: "mysql-disk-full",
  ER_DISK_FULL: "mysql-disk-full",
  ER_LOCK_WAIT_TIMEOUT: "mysql-busy",
  ER_LOCK_DEADLOCK: "mysql-busy",
};

/**
 * Errors that a row is to blame for: all of SQLSTATE class 22 (data) and 23
 * (constraints), and those that MySQL and MariaDB raise under a general class
 * (MySQL error reference; MariaDB's error codes).
 */
const OF_DATA: ReadonlySet<number> = new Set([
  1048, 1118, 1136, 1261, 1262, 1263, 1265, 1292, 1300, 1301, 1364, 1366, 1367, 1406, 1411, 1526, 1644, 1906,
  1958, 3140, 3819, 4025,
]);

/** Turns what the driver threw into a fault that names the server, never its password. */
export function explainMysql(error: unknown, server: string, user = ""): unknown {
  if (error instanceof FirebreakError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  const reason = reasonOf(error) || code;
  if (code === "ER_ACCESS_DENIED_ERROR") return mysqlFault("mysql-login", { server, user, reason }, error);
  // The driver's own words for a way of proving oneself that it does not have.
  if (/unknown plugin|CLEAR_PASSWORD|AUTH_SWITCH_PLUGIN/.test(`${code} ${reason}`))
    return mysqlFault(
      "mysql-login-kind",
      { server, user, reason: reason.replace(/(?<=\.) See .*/s, "") },
      error,
    );
  if (code === "ER_BAD_DB_ERROR")
    return mysqlFault(
      "mysql-database-missing",
      { server, database: /'([^']*)'/.exec(reason)?.[1] ?? "" },
      error,
    );
  const known = BY_CODE[code];
  if (known !== undefined) return mysqlFault(known, { server, reason }, error);
  const errno = "errno" in error ? Number(error.errno) : 0;
  const sqlState = "sqlState" in error ? String(error.sqlState) : "";
  if (/^2[23]/.test(sqlState) || OF_DATA.has(errno))
    return mysqlFault("mysql-data", { server, reason, errno }, error);
  if (code.startsWith("ER_") || "errno" in error || code.startsWith("PROTOCOL_"))
    return mysqlFault("mysql-failed", { server, reason }, error);
  // What the driver says of a connection that is no longer there has no code.
  if ("fatal" in error && error.fatal === true) return mysqlFault("mysql-lost", { server, reason }, error);
  return error;
}
