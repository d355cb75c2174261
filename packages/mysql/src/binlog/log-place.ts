import { setTimeout as delay } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { FirebreakError, sha256Of } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import { FIRST_EVENT, logEventAt, logEvents, logFiles, type LogEvent, type LogOffset } from "./log-events.ts";
import { transactionsOf } from "./transactions.ts";

/** A place in a server's binary log that is found again later, or found to be another log's. */
export interface LogPlace extends LogOffset {
  /** The event before the place that ended a transaction: no other log has the same one at the same offset. */
  readonly before: TransactionEnd;
}

/** An event by its place and a hash: its text may be a statement with values of others. */
export interface TransactionEnd {
  readonly file: string;
  readonly at: number;
  readonly end: number;
  readonly sha256: string;
}

function transactionEnd(event: LogEvent): TransactionEnd {
  const { file, at, end } = event;
  return { file, at, end, sha256: sha256Of(JSON.stringify([event.type, event.info])) };
}

/** The reasons why nothing about a server's writes can be concluded from its binary log. */
export type NoGrounds =
  | { readonly why: "no-log" | "no-transaction" | "transactions-hang" | "replica-unlogged" }
  /** `words` are the server's. */
  | { readonly why: "log-unreadable"; readonly words: string }
  | { readonly why: "log-filtered"; readonly filters: string };

/** The longest time that a transaction may be on its way from the log to the tables. */
const SETTLE_MS = 10_000;
const POLL_MS = 20;

/**
 * Returns the end of the log, once all transactions before it are in the tables: whatever reads them from now
 * on sees all that the log has so far.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function logEnd(session: MysqlSession): Promise<LogPlace | NoGrounds> {
  try {
    const status = await logStatus(session);
    if (status === undefined) return { why: "no-log" };
    if (status.filters !== "") return { why: "log-filtered", filters: status.filters };
    if (await isUnloggedReplica(session)) return { why: "replica-unlogged" };
    if (!(await isSettled(session))) return { why: "transactions-hang" };
    const before = await lastTransactionBefore(session, status);
    return before === undefined
      ? { why: "no-transaction" }
      : { file: status.file, offset: status.offset, before: transactionEnd(before) };
  } catch (error) {
    // A checksum needs no privilege but SELECT, and not every server that speaks MySQL has such a log.
    if (!(error instanceof FirebreakError) || !["mysql-forbidden", "mysql-failed"].includes(error.code))
      throw error;
    return { why: "log-unreadable", words: String(error.fields["reason"]) };
  }
}

/** Returns true if the log still has the transaction before a place. */
export async function isStillThere(session: MysqlSession, { before }: LogPlace): Promise<boolean> {
  if (!(await logFiles(session)).includes(before.file)) return false;
  try {
    const found = await logEventAt(session, before.file, before.at);
    return found !== undefined && isDeepStrictEqual(transactionEnd(found), before);
  } catch (error) {
    // MariaDB refuses an offset that is no event's.
    if (!(error instanceof FirebreakError) || error.code !== "mysql-failed") throw error;
  }
  return false;
}

interface LogStatus extends LogOffset {
  /** The databases that alone are in the log, or that are not; empty if all are. */
  readonly filters: string;
}

/** Returns undefined if the server has no binary log. */
async function logStatus(session: MysqlSession): Promise<LogStatus | undefined> {
  const [log] = await session.rows<{ isOn: string | number }>("SELECT @@GLOBAL.log_bin AS isOn");
  if (!["1", "ON"].includes(String(log!.isOn))) return undefined;
  const [row] = await session.rows<Readonly<Record<string, string | number>>>(
    (await dialectOf(session)) === "mysql-8.2" ? "SHOW BINARY LOG STATUS" : "SHOW MASTER STATUS",
  );
  if (row === undefined) return undefined;
  const filters = [row["Binlog_Do_DB"], row["Binlog_Ignore_DB"]].filter(Boolean).join(", ");
  return { file: String(row["File"]), offset: Number(row["Position"]), filters };
}

/** Returns true if the server applies another server's writes without logging them, or may do so. */
async function isUnloggedReplica(session: MysqlSession): Promise<boolean> {
  const logged = await session.rows<{ Value: string }>(
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('log_replica_updates', 'log_slave_updates')",
  );
  if (logged.some(({ Value }) => Value === "ON")) return false;
  return (await session.rows(REPLICA_STATUS[await dialectOf(session)])).length > 0;
}

/** The statements about logs have other words in MySQL 8.2 and later (8.4 refuses the old ones) and in MariaDB. */
type Dialect = "mysql-8.2" | "mysql" | "mariadb";

const REPLICA_STATUS: Readonly<Record<Dialect, string>> = {
  "mysql-8.2": "SHOW REPLICA STATUS",
  mysql: "SHOW SLAVE STATUS",
  mariadb: "SHOW ALL SLAVES STATUS",
};

async function dialectOf(session: MysqlSession): Promise<Dialect> {
  const [row] = await session.rows<{ version: string }>("SELECT VERSION() AS version");
  if (/mariadb/i.test(row!.version)) return "mariadb";
  const [major = 0, minor = 0] = row!.version.split(".").map(Number);
  return major > 8 || (major === 8 && minor >= 2) ? "mysql-8.2" : "mysql";
}

/**
 * Waits until no transaction is prepared: one that is in the log but not yet committed in InnoDB is. Returns
 * false if some are all the time, as XA transactions may be for days.
 */
async function isSettled(session: MysqlSession): Promise<boolean> {
  const until = Date.now() + SETTLE_MS;
  do {
    const [row] = await session.rows<{ Status: string }>("SHOW ENGINE INNODB STATUS");
    const status = row?.Status ?? "";
    if (!/^---TRANSACTION \d+, ACTIVE \(PREPARED\)|^\.\.\. truncated/m.test(status)) return true;
    await delay(POLL_MS);
  } while (Date.now() < until);
  return false;
}

/** The bytes before a place among which a transaction mostly ends. A whole file may have millions of events. */
const NEAR_BYTES = 1 << 20;

/** Returns the last event of the last transaction that the log has before a place. */
async function lastTransactionBefore(session: MysqlSession, to: LogOffset): Promise<LogEvent | undefined> {
  const near = to.offset - NEAR_BYTES;
  const found =
    near > FIRST_EVENT ? await lastTransactionFrom(session, { ...to, offset: near }, to) : undefined;
  if (found !== undefined) return found;
  const files = await logFiles(session);
  for (const file of files.slice(0, files.indexOf(to.file) + 1).toReversed()) {
    const end = file === to.file ? to : { file, offset: Infinity };
    const last = await lastTransactionFrom(session, { file, offset: FIRST_EVENT }, end);
    if (last !== undefined) return last;
  }
  return undefined;
}

/**
 * Returns the last event of the last transaction between two places of a file. MySQL begins with the first event
 * behind an offset; MariaDB refuses an offset that is no event's, and then there is no such transaction.
 */
async function lastTransactionFrom(
  session: MysqlSession,
  { file, offset }: LogOffset,
  to: LogOffset,
): Promise<LogEvent | undefined> {
  let last: LogEvent | undefined;
  try {
    for await (const { end } of transactionsOf(eventsOfFile(session, file, offset, to.offset)))
      last = end ?? last;
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code !== "mysql-failed" || offset === FIRST_EVENT)
      throw error;
  }
  return last;
}

async function* eventsOfFile(
  session: MysqlSession,
  file: string,
  from: number,
  before: number,
): AsyncGenerator<LogEvent> {
  for await (const event of logEvents(session, file, from)) {
    if (event.at >= before) return;
    yield event;
  }
}
