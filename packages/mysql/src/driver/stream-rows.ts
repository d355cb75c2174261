import type { Readable } from "node:stream";
import type { MysqlSession } from "./connect.ts";
import { explainMysql } from "./mysql-faults.ts";

/** The maximum number of rows that wait between the socket and the caller. */
const WAITING_ROWS = 16;

export type StreamedCell = string | number | Buffer | null;

/** Returns the bytes of a cell that its query selects as binary. Null for NULL, or if there is no cell. */
export function bytesOfCell(cell: StreamedCell | undefined): Buffer | null {
  if (Buffer.isBuffer(cell)) return cell;
  if (cell === null || cell === undefined) return null;
  throw new TypeError("A cell that is selected as binary came as another type");
}

/**
 * Yields the rows of a query as they arrive, each as its cells. Memory stays at a few rows, however
 * many there are. A caller that stops early ends the session's connection, since nothing else would
 * keep the server from sending the rest.
 *
 * @throws {FirebreakError} any `mysql-…` code.
 */
export async function* streamRows(
  session: MysqlSession,
  sql: string,
): AsyncGenerator<readonly StreamedCell[]> {
  const connection = session.core<{
    query(options: { sql: string; rowsAsArray: true }): {
      stream(options: { highWaterMark: number }): Readable;
    };
    on(event: "error", take: (error: Error) => void): void;
    off(event: "error", take: (error: Error) => void): void;
  }>();
  let isAtEnd = false;
  let rows: Readable | undefined;
  // The driver does not tell the stream that the connection broke, so the stream would wait for ever.
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
