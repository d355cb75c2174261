import { faultOf, FirebreakError, reasonOf } from "@firebreak/archive";

/** What can go wrong with a MySQL or MariaDB server. */
export interface MysqlFaults {
  "mysql-url": { reason: string };
  "mysql-unreachable": { server: string; reason: string };
  "mysql-login": { server: string; user: string; reason: string };
  "mysql-database-missing": { server: string; database: string };
  "mysql-forbidden": { server: string; reason: string };
  "mysql-read-only": { server: string; reason: string };
  "mysql-disk-full": { server: string; reason: string };
  "mysql-lost": { server: string; reason: string };
  "mysql-failed": { server: string; reason: string };
}

export const mysqlFault: ReturnType<typeof faultOf<MysqlFaults>> = faultOf<MysqlFaults>({
  "mysql-url": 2,
  "mysql-unreachable": 7,
  "mysql-login": 6,
  "mysql-database-missing": 6,
  "mysql-forbidden": 6,
  "mysql-read-only": 6,
  "mysql-disk-full": 7,
  "mysql-lost": 7,
  "mysql-failed": 7,
});

/** By the server's error symbol (MySQL error reference; MariaDB shares these) or the socket's. */
const BY_CODE: Readonly<
  Record<
    string,
    "mysql-unreachable" | "mysql-forbidden" | "mysql-read-only" | "mysql-disk-full" | "mysql-lost"
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
};

/** Turns what the driver threw into a fault that names the server, never its password. */
export function explainMysql(error: unknown, server: string, user = ""): unknown {
  if (error instanceof FirebreakError || !(error instanceof Error)) return error;
  const code = "code" in error ? String(error.code) : "";
  const reason = reasonOf(error) || code;
  if (code === "ER_ACCESS_DENIED_ERROR") return mysqlFault("mysql-login", { server, user, reason }, error);
  if (code === "ER_BAD_DB_ERROR")
    return mysqlFault(
      "mysql-database-missing",
      { server, database: /'([^']*)'/.exec(reason)?.[1] ?? "" },
      error,
    );
  const known = BY_CODE[code];
  if (known !== undefined) return mysqlFault(known, { server, reason }, error);
  if (code.startsWith("ER_") || "errno" in error || code.startsWith("PROTOCOL_"))
    return mysqlFault("mysql-failed", { server, reason }, error);
  return error;
}
