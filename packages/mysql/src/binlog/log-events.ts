import type { MysqlSession } from "../driver/connect.ts";

/** An event of a binary log, as `SHOW BINLOG EVENTS` shows it. */
export interface LogEvent {
  readonly file: string;
  /** The offset of its first byte, and that of the byte after it. */
  readonly at: number;
  readonly end: number;
  /** `Table_map`, `Write_rows`, `Xid`, …; MariaDB has other names for some (manual, Replication Events). */
  readonly type: string;
  readonly info: string;
}

/** A place between two events. */
export interface LogOffset {
  readonly file: string;
  readonly offset: number;
}

/** The offset of the first event of every file (manual, 5.4.4; MySQL internals, Binary Log). */
export const FIRST_EVENT = 4;

/** The events that are asked for at once, some 10 MB. The server may read the file from its start each time. */
const PAGE = 50_000;

interface EventRow {
  readonly Pos: string | number;
  readonly Event_type: string;
  readonly End_log_pos: string | number;
  readonly Info: string;
}

/**
 * Yields the events of a file to its end.
 *
 * @param from the offset of an event.
 * @throws {FirebreakError} of mysql, also if the user may not read the log.
 */
export async function* logEvents(
  session: MysqlSession,
  file: string,
  from: number = FIRST_EVENT,
): AsyncGenerator<LogEvent> {
  for (let next = from; ;) {
    const events = await someEvents(session, file, next, PAGE);
    yield* events;
    if (events.length < PAGE) return;
    next = events.at(-1)!.end;
  }
}

/** Returns the event at an offset, or the next one. MariaDB refuses an offset that is no event's. */
export async function logEventAt(
  session: MysqlSession,
  file: string,
  at: number,
): Promise<LogEvent | undefined> {
  const [event] = await someEvents(session, file, at, 1);
  return event;
}

async function someEvents(
  session: MysqlSession,
  file: string,
  from: number,
  count: number,
): Promise<LogEvent[]> {
  const sql = `SHOW BINLOG EVENTS IN ? FROM ${from} LIMIT ${count}`;
  const rows = await session.rows<EventRow>(sql, [file]);
  return rows.map(({ Pos, Event_type: type, End_log_pos, Info: info }) => {
    return { file, at: Number(Pos), end: Number(End_log_pos), type, info };
  });
}

/** Returns the names of the files of the log, the oldest first. */
export async function logFiles(session: MysqlSession): Promise<string[]> {
  const rows = await session.rows<{ Log_name: string }>("SHOW BINARY LOGS");
  return rows.map(({ Log_name }) => Log_name);
}

/**
 * Yields the events from one place of the log to another, over all files between.
 *
 * @throws {LogGone} if a file between is no longer there.
 */
export async function* eventsBetween(
  session: MysqlSession,
  from: LogOffset,
  to: LogOffset,
): AsyncGenerator<LogEvent> {
  const files = await logFiles(session);
  const [first, last] = [files.indexOf(from.file), files.indexOf(to.file)];
  if (first < 0 || last < first) throw new LogGone(from.file);
  for (const file of files.slice(first, last + 1))
    for await (const event of logEvents(session, file, file === from.file ? from.offset : FIRST_EVENT)) {
      if (file === to.file && event.at >= to.offset) return;
      yield event;
    }
}

/** The log no longer has a file, or the events of a file, that it had. */
export class LogGone extends Error {}
