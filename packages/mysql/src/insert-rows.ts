import type { ResultSetHeader } from "mysql2/promise";
import type { MysqlSession } from "./connect.ts";
import { insertStatements, type InsertStatement } from "./insert-statements.ts";
import { explainMysql } from "./mysql-faults.ts";
import { rowWarnings, type RowWarnings } from "./row-warnings.ts";
import type { SentCounts, RowTarget } from "./send-rows.ts";

/**
 * Sends rows by INSERT statements of many rows each, for servers that forbid LOAD
 * DATA LOCAL: a `SendRows`. A duplicate key and a value that its column does not
 * hold are errors of the server, which name the row as it is counted in the file.
 *
 * It ends with the first statement that had warnings about its rows; then fewer
 * records are counted than were sent.
 *
 * @throws {FirebreakError} `mysql-data` for a row that cannot be sent, after all before it were.
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
  // The next statement is made while the server is at work on this one.
  let sending: Promise<void> = Promise.resolve();
  try {
    for await (const statement of statements) {
      await sending;
      if (warned.warnings > 0) break;
      sending = insert(session, statement).then(async ({ affectedRows, warningStatus }) => {
        records += affectedRows;
        warned = await rowWarnings(session, to, warningStatus);
      });
      // It is waited for in the next turn; until then its error is not one that nobody takes.
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
