import type { ResultSetHeader } from "mysql2/promise";
import type { MysqlSession } from "../../driver/connect.ts";
import { insertStatements, type InsertStatement } from "./insert-statements.ts";
import { explainMysql } from "../../driver/mysql-faults.ts";
import { rowWarnings, type RowWarnings } from "./row-warnings.ts";
import type { SentCounts, RowTarget } from "./send-rows.ts";

/**
 * Sends rows by INSERT statements of many rows each, for servers that forbid LOAD DATA LOCAL. It is
 * a `SendRows`. A duplicate key, or a value that its column cannot hold, is an error of the server.
 * The error names the row by its number in the file.
 *
 * It stops after the first statement with warnings about its rows. The count of records may then be
 * lower than the number of rows.
 *
 * @throws {FirebreakError} `mysql-data` for a row that cannot be sent, after all rows before it
 * were sent.
 */
export async function insertRows(
  session: MysqlSession,
  to: RowTarget,
  bytes: AsyncIterable<Buffer>,
): Promise<SentCounts> {
  const [limit] = await session.rows<{ bytes: string }>(
    "SELECT CAST(@@SESSION.max_allowed_packet AS CHAR) AS bytes",
  );
  const statements = insertStatements(to, bytes, {
    maxAllowedPacket: Number(limit!.bytes),
    server: session.target.server,
  });
  let records = 0;
  let warned: RowWarnings = { warnings: 0 };
  // The next statement is built while the server executes this one.
  let sending: Promise<void> = Promise.resolve();
  try {
    for await (const statement of statements) {
      await sending;
      if (warned.warnings > 0) break;
      sending = insert(session, statement).then(async ({ affectedRows, warningStatus }) => {
        records += affectedRows;
        warned = await rowWarnings(session, to, warningStatus);
      });
      // The next turn awaits it. Until then its error must not count as unhandled.
      sending.catch(() => undefined);
    }
  } finally {
    await sending;
  }
  return { records, deleted: 0, skipped: 0, ...warned };
}

async function insert(session: MysqlSession, { sql, rowsBefore }: InsertStatement): Promise<ResultSetHeader> {
  try {
    const [result] = await session.connection.query<ResultSetHeader>(sql);
    return result;
  } catch (error) {
    // The server counts rows within the statement.
    if (error instanceof Error)
      error.message = error.message.replace(/(?<=at row )\d+$/, (row) => String(rowsBefore + Number(row)));
    throw explainMysql(error, session.target, sql);
  }
}
