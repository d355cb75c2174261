import { FirebreakError } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";

/** The position of a server in the history of its writes, as far as the user may see it. */
export interface SourcePosition {
  /** The position in the binary log, for people: `binlog.000003:157, GTID …`. */
  readonly text: string | undefined;
  /**
   * A value that is equal at two moments only if nothing was written in between: with `hasLog` to
   * any table, else to any table of InnoDB. Undefined if nothing that the user may see proves that.
   */
  readonly proof: string | undefined;
  /** True if there is a binary log of all writes. */
  readonly hasLog: boolean;
}

const IDENTITY = ["server_uuid", "server_id", "hostname", "port", "datadir"] as const;
const GTIDS = ["gtid_executed", "gtid_binlog_pos"] as const;

/** The first number that InnoDB gives to transactions that write nothing. */
const FIRST_READER = 2n ** 47n;

export async function sourcePosition(session: MysqlSession): Promise<SourcePosition> {
  const variables = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${[...IDENTITY, ...GTIDS].map((v) => `'${v}'`).join(", ")})`,
  );
  const values = new Map(variables.map((v) => [v.Variable_name, v.Value]));
  const gtid = GTIDS.map((name) => values.get(name)).find((value) => value);
  const log = await logPosition(session);
  const hasLog = log?.isOfAll === true;
  // With a log, transaction numbers do not count: MySQL itself takes some, for a while after others' writes.
  const proof = hasLog ? [log.text, gtid, await writtenRows(session)] : await lastTransaction(session);
  const identity = IDENTITY.map((name) => values.get(name));
  return {
    text: log === undefined ? undefined : gtid === undefined ? log.text : `${log.text}, GTID ${gtid}`,
    proof: proof === undefined ? undefined : JSON.stringify([identity, proof]),
    hasLog,
  };
}

/**
 * Returns the number of InnoDB rows written since the server's start, because a session may keep
 * its writes out of the log. MariaDB does not count rows; there the transaction number serves
 * instead.
 */
async function writtenRows(session: MysqlSession): Promise<readonly (string | undefined)[]> {
  const rows = await session.rows<{ Value: string }>(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted')",
  );
  return rows.length > 0 ? rows.map((row) => row.Value) : [await lastTransaction(session)];
}

/** Returns file and offset. Undefined without a binary log, or if the user may not see it. */
async function logPosition(
  session: MysqlSession,
): Promise<{ readonly text: string; readonly isOfAll: boolean } | undefined> {
  // MySQL has the first since 8.2 and no longer has the second. MariaDB knows only the second.
  for (const statement of ["SHOW BINARY LOG STATUS", "SHOW MASTER STATUS"]) {
    const [row] = await seen<Readonly<Record<string, string | number>>>(session, statement);
    if (row === undefined) continue;
    const isOfAll = [row["Binlog_Do_DB"], row["Binlog_Ignore_DB"]].every((filter) => !filter);
    return { text: `${row["File"]}:${row["Position"]}`, isOfAll };
  }
  return undefined;
}

/**
 * Returns the next number that InnoDB gives to a transaction that writes. Undefined while a
 * transaction has its number and is not committed, since it could commit without another number
 * being given. Also undefined for users without PROCESS, who do not see the number.
 */
async function lastTransaction(session: MysqlSession): Promise<string | undefined> {
  // Not information_schema.innodb_trx: MySQL 9.7 fails there while a session runs a statement with an emoji.
  const [status] = await seen<{ Status: string }>(session, "SHOW ENGINE INNODB STATUS");
  return lastTransactionOf(status?.Status ?? "");
}

/**
 * Reads the monitor of InnoDB. It shows sessions' statements too, which may contain any line, and
 * leaves transactions out where there are too many of them; both are no proof.
 */
export function lastTransactionOf(monitor: string): string | undefined {
  const counters = [...monitor.matchAll(/^Trx id counter (\S+)$/gm)];
  if (counters.length !== 1 || monitor.includes("\n... truncated...\n")) return undefined;
  const ids = Array.from(monitor.matchAll(/^---TRANSACTION (\d+),/gm), ([, id]) => BigInt(id!));
  return ids.some((id) => id > 0n && id < FIRST_READER) ? undefined : counters[0]![1];
}

/** Returns the rows of a statement; none if the user may not run it or the server does not know it. */
async function seen<Row>(session: MysqlSession, statement: string): Promise<Row[]> {
  try {
    return await session.rows<Row>(statement);
  } catch (error) {
    if (error instanceof FirebreakError && ["mysql-forbidden", "mysql-failed"].includes(error.code))
      return [];
    throw error;
  }
}
