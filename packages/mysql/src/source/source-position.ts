import { FirebreakError } from "@firebreak/archive";
import type { MysqlSession } from "../connect.ts";

/** Where in its life a server is, as far as the user may see it. */
export interface SourcePosition {
  /** In the binary log, for people: `binlog.000003:157, GTID …`. */
  readonly text: string | undefined;
  /**
   * Equal at two moments only where no table of InnoDB, and where there is a binary log no other
   * either, was written in between. Undefined where nothing the user may see tells of that.
   */
  readonly proof: string | undefined;
}

const IDENTITY = ["server_uuid", "server_id", "hostname", "port", "datadir"] as const;
const GTIDS = ["gtid_executed", "gtid_binlog_pos"] as const;

export async function sourcePosition(session: MysqlSession): Promise<SourcePosition> {
  const variables = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${[...IDENTITY, ...GTIDS].map((v) => `'${v}'`).join(", ")})`,
  );
  const values = new Map(variables.map((v) => [v.Variable_name, v.Value]));
  const gtid = GTIDS.map((name) => values.get(name)).find((value) => value);
  const log = await logPosition(session);
  const transactions = await transactionCounter(session);
  const isKnown = log !== undefined || transactions !== undefined;
  return {
    text: log === undefined ? undefined : gtid === undefined ? log : `${log}, GTID ${gtid}`,
    proof: isKnown
      ? JSON.stringify([...IDENTITY.map((name) => values.get(name)), log, gtid, transactions])
      : undefined,
  };
}

/** File and offset; undefined without a binary log, or where the user may not see it. */
async function logPosition(session: MysqlSession): Promise<string | undefined> {
  // The first is MySQL's since 8.2, which no longer has the other; MariaDB knows only that.
  for (const statement of ["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"]) {
    const [row] = await seen<{ File: string; Position: string | number }>(session, statement);
    if (row !== undefined) return `${row.File}:${row.Position}`;
  }
  return undefined;
}

/** InnoDB gives every transaction that writes a number: this is the next. Only users with PROCESS see it. */
async function transactionCounter(session: MysqlSession): Promise<string | undefined> {
  const [row] = await seen<{ Status: string }>(session, "SHOW ENGINE INNODB STATUS");
  return /^Trx id counter (\S+)/m.exec(row?.Status ?? "")?.[1];
}

/** The rows of a statement that the user may not be allowed, or that the server may not know; none then. */
async function seen<Row>(session: MysqlSession, statement: string): Promise<Row[]> {
  try {
    return await session.rows<Row>(statement);
  } catch (error) {
    if (error instanceof FirebreakError && ["mysql-forbidden", "mysql-failed"].includes(error.code))
      return [];
    throw error;
  }
}
