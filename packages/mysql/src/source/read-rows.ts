import { UnsayableCharacters, type ServerCell } from "@firebreak/archive";
import type { MysqlSession } from "../connect.ts";
import { explainMysql } from "../mysql-faults.ts";
import type { RowSelect } from "./row-select.ts";

/** Bytes gathered before the server is made to wait. */
const BATCH_BYTES = 1 << 20;

/** A few rows, each the cells of its columns. */
export interface RowBatch {
  readonly rows: readonly (readonly ServerCell[])[];
  /** As the server sent them. */
  readonly bytes: number;
}

type Cells = ServerCell[];

/** As much of the driver as is used here: its types know no rows that come one by one and uninterpreted. */
interface CoreConnection {
  query(options: { sql: string; rowsAsArray: true; typeCast: false }): {
    on(event: "result", take: (row: Cells) => void): unknown;
    on(event: "error", take: (error: Error) => void): unknown;
    on(event: "end", take: () => void): unknown;
  };
  on(event: "error", take: (error: Error) => void): unknown;
  off(event: "error", take: (error: Error) => void): unknown;
  pause(): void;
  resume(): void;
}

/** Makes a session send values as they are, unconverted (manual, 12.4); what people read of it is then not to be trusted. */
export async function sendRawValues(session: MysqlSession): Promise<void> {
  await session.run("SET SESSION character_set_results = NULL");
}

/**
 * The rows of a query made of a `RowSelect`, a megabyte at a time: the server
 * waits while a batch is worked on. Who stops early ends the session's
 * connection, for nothing else would keep the server from sending the rest.
 *
 * @param session one whose values come raw.
 * @throws {FirebreakError} of mysql.
 */
export async function* readRows(
  session: MysqlSession,
  sql: string,
  { columns, provedColumns }: Pick<RowSelect, "columns" | "provedColumns">,
): AsyncGenerator<RowBatch> {
  const { connection } = session.connection as unknown as { connection: CoreConnection };
  let rows: Cells[] = [];
  let bytes = 0;
  let isAtEnd = false;
  let failure: Error | undefined;
  let wake: (() => void) | undefined;
  const fail = (error: Error): void => {
    failure = error;
    wake?.();
  };
  // A connection that breaks says so itself: the driver does not tell a query that has no callback.
  connection.on("error", fail);
  const query = connection.query({ sql, rowsAsArray: true, typeCast: false });
  query.on("result", (row) => {
    bytes += row.reduce((sum, cell) => sum + (Buffer.isBuffer(cell) ? cell.length : 0), 0);
    if (provedColumns.length > 0) takeRawBytes(row, columns.length, provedColumns);
    rows.push(row);
    if (bytes < BATCH_BYTES) return;
    connection.pause();
    wake?.();
  });
  query.on("error", fail);
  query.on("end", () => {
    isAtEnd = true;
    wake?.();
  });
  try {
    for (;;) {
      if (bytes < BATCH_BYTES && !isAtEnd && failure === undefined)
        await new Promise<void>((resolve) => (wake = resolve));
      if (failure !== undefined) throw explainMysql(failure, session.target.server, session.target.user);
      const batch = { rows, bytes };
      rows = [];
      bytes = 0;
      if (batch.rows.length > 0) yield batch;
      if (isAtEnd && rows.length === 0) return;
      if (!isAtEnd) connection.resume();
    }
  } finally {
    connection.off("error", fail);
    if (!isAtEnd && failure === undefined) session.connection.destroy();
  }
}

/** Puts the bytes that stand behind a row's columns where the characters could not be converted. */
function takeRawBytes(row: Cells, columnCount: number, provedColumns: readonly number[]): void {
  for (const [i, column] of provedColumns.entries()) {
    const raw = row[columnCount + i];
    if (Buffer.isBuffer(raw)) row[column] = new UnsayableCharacters(raw);
  }
  row.length = columnCount;
}
