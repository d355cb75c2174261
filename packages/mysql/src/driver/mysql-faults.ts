import { entriesOf, faultOf, FirebreakError, type Reason, wordsOf } from "@firebreak/archive";

/** The number of characters of a statement that a message shows. */
const SHOWN = 160;

/** Matches a statement that inserts rows, with the part in front of the values as its group. */
const BEFORE_VALUES = /^((?:INSERT|REPLACE)\b.*?\bVALUES) .*/s;

/** Returns a statement as a message shows it: on one line, shortened, and without the values of rows. */
export function shortStatement(sql: string): string {
  const line = sql
    .slice(0, SHOWN * 10)
    .replace(BEFORE_VALUES, "$1 …")
    .replaceAll(/\s+/g, " ")
    .trim();
  const letters = Array.from(line);
  return letters.length <= SHOWN ? line : `${letters.slice(0, SHOWN).join("")}…`;
}

/** The request that failed. Both fields are undefined while a session is opened. */
export interface Asked {
  /** The table or other object that the work was about, if any. */
  readonly object: string | undefined;
  /** Shortened for messages. */
  readonly statement: string | undefined;
}

/** The faults of a MySQL or MariaDB server, with their data. */
export interface MysqlFaults {
  "mysql-url": { reason: Reason };
  "mysql-unreachable": { server: string; reason: string } & Asked;
  "mysql-login": { server: string; user: string; reason: string };
  "mysql-tls": { server: string; reason: string };
  "mysql-login-kind": { server: string; user: string; reason: string };
  "mysql-database-missing": { server: string; database: string };
  "mysql-forbidden": { server: string; reason: string };
  "mysql-read-only": { server: string; reason: string };
  "mysql-disk-full": { server: string; reason: string } & Asked;
  "mysql-lost": { server: string; reason: string } & Asked;
  /** `canPass`: the server may accept the same statement a moment later. */
  "mysql-failed": { server: string; reason: string; canPass: boolean } & Asked;
  "mysql-busy": { server: string; reason: string } & Asked;
  "mysql-data": { server: string; reason: string; errno: number } & Asked;
  "mysql-locked": { server: string; database: string; connection: string };
  "mysql-lock-lost": { server: string; databases: readonly string[] };
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

/** The server's error symbols (MySQL error reference; MariaDB shares these) and the socket's, by fault. */
const CODES = {
  "mysql-unreachable": [
    "ECONNREFUSED",
    "ENOENT",
    "ENOTFOUND",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ETIMEDOUT",
    "EACCES",
  ],
  "mysql-tls": ["HANDSHAKE_SSL_ERROR", "HANDSHAKE_NO_SSL_SUPPORT", "ER_SECURE_TRANSPORT_REQUIRED"],
  "mysql-lost": ["ER_SERVER_SHUTDOWN", "ECONNRESET", "EPIPE", "PROTOCOL_CONNECTION_LOST"],
  "mysql-forbidden": [
    "ER_TABLEACCESS_DENIED_ERROR",
    "ER_COLUMNACCESS_DENIED_ERROR",
    "ER_SPECIFIC_ACCESS_DENIED_ERROR",
    "ER_DBACCESS_DENIED_ERROR",
  ],
  "mysql-read-only": ["ER_OPTION_PREVENTS_STATEMENT", "ER_READ_ONLY_MODE"],
  "mysql-disk-full": ["ER_RECORD_FILE_FULL", "ER_DISK_FULL"],
  "mysql-busy": ["ER_LOCK_WAIT_TIMEOUT", "ER_LOCK_DEADLOCK"],
} as const;

type KnownFault = keyof typeof CODES;

const BY_CODE: ReadonlyMap<string, KnownFault> = new Map(
  entriesOf<KnownFault, readonly string[]>(CODES).flatMap(([fault, codes]) =>
    codes.map((code) => [code, fault] as const),
  ),
);

/**
 * Numbers of errors that a row causes and that MySQL and MariaDB raise under a general class (MySQL
 * error reference; MariaDB's error codes). All of SQLSTATE class 22 (data) and 23 (constraints) are
 * such errors, too.
 */
const OF_DATA: ReadonlySet<number> = new Set([
  1048, 1118, 1136, 1261, 1262, 1263, 1265, 1292, 1300, 1301, 1364, 1366, 1367, 1406, 1411, 1526, 1644, 1906,
  1958, 3140, 3819, 4025,
]);

/**
 * Numbers of errors of a server whose connection goes away: shutdown, killed, timed out. The
 * driver's list has no name for them, or each server has another one (MySQL and MariaDB error
 * references).
 */
const OF_CONNECTION: ReadonlySet<number> = new Set([
  1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 4031,
]);

/**
 * Numbers of errors that do not reject the statement itself: too many connections or transactions,
 * no memory left, the statement interrupted or out of time, the table just redefined.
 */
const PASSING: ReadonlySet<number> = new Set([
  1037, 1040, 1041, 1135, 1203, 1226, 1317, 1412, 1615, 1637, 1969, 3024, 3101, 3572,
]);

/**
 * Turns an error of the driver into a fault that names the server, never its password.
 *
 * @param sql the statement that the server was asked to run.
 */
export function explainMysql(
  error: unknown,
  { server, user }: { readonly server: string; readonly user: string },
  sql?: string,
): unknown {
  if (error instanceof FirebreakError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  const reason = wordsOf(error) || code;
  if (code === "ER_ACCESS_DENIED_ERROR") return mysqlFault("mysql-login", { server, user, reason }, error);
  // The driver's own words for an authentication method that it does not have.
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
  const statement = sql === undefined ? undefined : shortStatement(sql);
  const asked = { server, object: undefined, statement, reason };
  const errno = "errno" in error ? Number(error.errno) : 0;
  const known = OF_CONNECTION.has(errno) ? "mysql-lost" : byCode(code, reason);
  if (known !== undefined) return mysqlFault(known, asked, error);
  const sqlState = "sqlState" in error ? String(error.sqlState) : "";
  if (/^2[23]/.test(sqlState) || OF_DATA.has(errno))
    return mysqlFault("mysql-data", { ...asked, errno }, error);
  if (code.startsWith("ER_") || "errno" in error || code.startsWith("PROTOCOL_"))
    return mysqlFault("mysql-failed", { ...asked, canPass: PASSING.has(errno) }, error);
  // The driver's errors about a connection that is gone have no code.
  if ("fatal" in error && error.fatal === true) return mysqlFault("mysql-lost", asked, error);
  return error;
}

/**
 * Returns the fault for an error code. ER_OPTION_PREVENTS_STATEMENT has one only if a read-only
 * option caused it, since other options may prevent a statement, too.
 */
function byCode(code: string, reason: string): KnownFault | undefined {
  const isOther = code === "ER_OPTION_PREVENTS_STATEMENT" && !/read[-_]only/i.test(reason);
  return isOther ? undefined : BY_CODE.get(code);
}

/** Returns the server's number of the error that a fault is about; 0 if it is about none. */
export function errnoOf(fault: unknown): number {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof Error && "errno" in cause ? Number(cause.errno) : 0;
}

/** Returns true if a fault is the server's refusal of a statement, which it would refuse again. */
export function isRefusal(error: unknown): error is FirebreakError {
  if (!(error instanceof FirebreakError)) return false;
  return error.code === "mysql-data" || (error.code === "mysql-failed" && error.fields["canPass"] === false);
}
