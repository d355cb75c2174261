import { FirebreakError } from "@firebreak/archive";
import type { MysqlSession } from "../connect.ts";

/** Where in its life a server is, as far as the user may see it. */
export interface SourcePosition {
  /** In the binary log, for people: `binlog.000003:157, GTID …`. */
  readonly text: string | undefined;
  /**
   * Equal at two moments only where nothing was written in between: with `hasLog` to no table,
   * else to none of InnoDB. Undefined where nothing that the user may see tells of that.
   */
  readonly proof: string | undefined;
  /** Whether there is a binary log of all writes. */
  readonly hasLog: boolean;
}

const IDENTITY = ["server_uuid", "server_id", "hostname", "port", "datadir"] as const;
const GTIDS = ["gtid_executed", "gtid_binlog_pos"] as const;

/** From here on InnoDB numbers transactions that write nothing. */
const FIRST_READER = 2n ** 47n;

export async function sourcePosition(session: MysqlSession): Promise<SourcePosition> {
  const variables = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${[...IDENTITY, ...GTIDS].map((v) => `'${v}'`).join(", ")})`,
  );
  const values = new Map(variables.map((v) => [v.Variable_name, v.Value]));
  const gtid = GTIDS.map((name) => values.get(name)).find((value) => value);
  const log = await logPosition(session);
  const transactions = await transactionState(session);
  const isProof = log?.isOfAll === true || transactions?.hasWriters === false;
  const identity = IDENTITY.map((name) => values.get(name));
  return {
    text: log === undefined ? undefined : gtid === undefined ? log.text : `${log.text}, GTID ${gtid}`,
    proof: isProof ? JSON.stringify([...identity, log?.text, gtid, transactions?.next]) : undefined,
    hasLog: log?.isOfAll === true,
  };
}

/** File and offset; undefined without a binary log, or where the user may not see it. */
async function logPosition(
  session: MysqlSession,
): Promise<{ readonly text: string; readonly isOfAll: boolean } | undefined> {
  // The first is MySQL's since 8.2, which no longer has the other; MariaDB knows only that.
  for (const statement of ["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"]) {
    const [row] = await seen<Readonly<Record<string, string | number>>>(session, statement);
    if (row === undefined) continue;
    const isOfAll = [row["Binlog_Do_DB"], row["Binlog_Ignore_DB"]].every((filter) => !filter);
    return { text: `${row["File"]}:${row["Position"]}`, isOfAll };
  }
  return undefined;
}

/**
 * InnoDB gives every transaction that writes a number: `next` is the next. One
 * that has its number and is not committed yet could be committed without another being given.
 * Only users with PROCESS see it.
 */
async function transactionState(
  session: MysqlSession,
): Promise<{ readonly next: string; readonly hasWriters: boolean } | undefined> {
  const [status] = await seen<{ Status: string }>(session, "SHOW ENGINE INNODB STATUS");
  const next = /^Trx id counter (\S+)/m.exec(status?.Status ?? "")?.[1];
  if (next === undefined) return undefined;
  const open = await session.rows<{ id: string }>(
    "SELECT CAST(trx_id AS CHAR) AS id FROM information_schema.innodb_trx",
  );
  return { next, hasWriters: open.some(({ id }) => BigInt(id) > 0n && BigInt(id) < FIRST_READER) };
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
