import { Readable } from "node:stream";
import type { Socket } from "node:net";
import type { ResultSetHeader } from "mysql2/promise";
import { explainMysql } from "../../driver/mysql-faults.ts";
import { loadDataStatement } from "@firebreak/mysql-format";
import type { MysqlSession } from "../../driver/connect.ts";
import { rowWarnings } from "./row-warnings.ts";
import type { RowTarget, SentCounts } from "./send-rows.ts";

/**
 * The maximum size of a chunk. mysql2 sends a chunk as one packet, which must be below every
 * server's max_allowed_packet.
 */
const MAX_CHUNK_BYTES = 512 * 1024;

/** Sends rows by LOAD DATA LOCAL INFILE. It is the `SendRows` for servers that allow it. */
export async function loadData(
  session: MysqlSession,
  to: RowTarget,
  bytes: AsyncIterable<Buffer>,
): Promise<SentCounts> {
  const { target, columns, file } = to;
  const socket = socketOf(session);
  const earlier = ["drain", "pause"].map((event) => [event, new Set(socket.listeners(event))] as const);
  const sql = loadDataStatement(target, columns, file);
  const rows = Readable.from(paced(bytes, socket));
  try {
    const [result] = await session.connection.query<ResultSetHeader>({
      sql,
      infileStreamFactory: () => rows,
    });
    const { warnings, ...counts } = parseInfo(result.info);
    return { ...counts, ...(await rowWarnings(session, to, warnings)) };
  } catch (error) {
    throw explainMysql(error, session.target, sql);
  } finally {
    // A broken connection does not end the stream, and would leave the file that it reads open.
    rows.destroy();
    // mysql2 leaves the listeners of every load on the socket.
    for (const [event, known] of earlier)
      for (const listener of socket.listeners(event))
        // Node's types of the two methods do not agree.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        if (!known.has(listener)) socket.removeListener(event, listener as () => void);
  }
}

/**
 * Cuts bytes into chunks no larger than a packet, and waits while the socket is full. No chunk is
 * empty, since an empty one ends the file.
 */
async function* paced(bytes: AsyncIterable<Buffer>, socket: Socket): AsyncGenerator<Buffer> {
  for await (const block of bytes)
    for (let from = 0; from < block.length; from += MAX_CHUNK_BYTES) {
      // mysql2 never checks whether the socket is full. Without this, a whole part would wait in memory.
      if (socket.writableNeedDrain) await drained(socket);
      yield block.subarray(from, from + MAX_CHUNK_BYTES);
    }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.removeListener("drain", done);
      socket.removeListener("close", done);
      resolve();
    };
    socket.once("drain", done);
    socket.once("close", done);
  });
}

function socketOf(session: MysqlSession): Socket {
  return session.core<{ stream: Socket }>().stream;
}

function parseInfo(info: string): Record<"records" | "deleted" | "skipped" | "warnings", number> {
  const count = (name: string): number => Number(new RegExp(`${name}: (\\d+)`).exec(info)?.[1] ?? Number.NaN);
  return {
    records: count("Records"),
    deleted: count("Deleted"),
    skipped: count("Skipped"),
    warnings: count("Warnings"),
  };
}
