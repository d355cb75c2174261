import type { Readable } from "node:stream";
import type { MysqlSession } from "./connect.ts";
import { explainMysql } from "./mysql-faults.ts";

/** Rows waiting at once between the socket and whoever takes them. */
const WAITING_ROWS = 16;

export type StreamedCell = string | number | Buffer | null;

/**
 * The rows of a query, each as its cells, as they arrive: memory stays at a few
 * rows whatever their number. Who stops early ends the session's connection,
 * for nothing else would keep the server from sending the rest.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function* streamRows(
  session: MysqlSession,
  sql: string,
): AsyncGenerator<readonly StreamedCell[]> {
  const { connection } = session.connection as unknown as {
    connection: {
      query(options: { sql: string; rowsAsArray: true }): {
        stream(options: { highWaterMark: number }): Readable;
      };
      on(event: "error", take: (error: Error) => void): void;
      off(event: "error", take: (error: Error) => void): void;
    };
  };
  let isAtEnd = false;
  let rows: Readable | undefined;
  // A connection that breaks says so itself: the driver does not tell the stream, which would wait for ever.
  const fail = (error: Error): void => void rows?.destroy(error);
  connection.on("error", fail);
  try {
    rows = connection.query({ sql, rowsAsArray: true }).stream({ highWaterMark: WAITING_ROWS });
    yield* rows as AsyncIterable<readonly StreamedCell[]>;
    isAtEnd = true;
  } catch (error) {
    isAtEnd = true;
    throw explainMysql(error, session.target, sql);
  } finally {
    connection.off("error", fail);
    if (!isAtEnd) session.connection.destroy();
  }
}
