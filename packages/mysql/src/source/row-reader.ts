import { UnsayableCharacters, type ServerCell } from "@firebreak/mysql-format";
import type { MysqlSession, MysqlTarget } from "../driver/connect.ts";
import { explainMysql, mysqlFault } from "../driver/mysql-faults.ts";
import { openSnapshot } from "./open-reader.ts";
import { RowPackets, type PacketConnection } from "./row-packets.ts";
import type { RowSelect } from "./row-select.ts";

/** The number of bytes that are gathered before the server must wait. */
const BATCH_BYTES = 256 << 10;

/** A batch of rows, each with the cells of its columns. */
export interface RowBatch {
  readonly rows: readonly (readonly ServerCell[])[];
  /** The number of bytes that the server sent. */
  readonly bytes: number;
  /** The column of each JSON document in the batch that has values which its text does not tell. */
  readonly untold: readonly string[];
}

type Cells = ServerCell[];
type Selected = Pick<RowSelect, "columns" | "provedColumns" | "jsonColumns">;

/**
 * The part of the driver that is used here. Its types have no rows that arrive one by one and
 * uninterpreted.
 */
interface CoreConnection extends PacketConnection {
  query(options: { sql: string; rowsAsArray: true; typeCast: false }): {
    on(event: "result", take: (row: Cells) => void): unknown;
    on(event: "error", take: (error: Error) => void): unknown;
    on(event: "end", take: () => void): unknown;
  };
  on(event: "error", take: (error: Error) => void): unknown;
  off(event: "error", take: (error: Error) => void): unknown;
}

/** A session that reads rows as they are at the moment when it opens. The caller closes it. */
export class RowReader {
  readonly #session: MysqlSession;
  readonly #connection: CoreConnection;
  readonly #packets: RowPackets;

  private constructor(session: MysqlSession) {
    this.#session = session;
    this.#connection = session.core();
    this.#packets = new RowPackets(this.#connection);
  }

  /**
   * Opens a session on a source.
   *
   * @throws {FirebreakError} any `mysql-…` code.
   */
  static async open(target: MysqlTarget): Promise<RowReader> {
    const session = await openSnapshot(target);
    try {
      // Values then arrive as they are stored, unconverted (manual, 12.4).
      await session.run("SET SESSION character_set_results = NULL");
      return new RowReader(session);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /**
   * Yields the rows of a query made from a `RowSelect`, in batches of about `BATCH_BYTES`. The
   * server waits while a batch is worked on. A batch's cells are valid until the next batch is
   * requested. A caller that stops early ends the connection, since nothing else would keep the
   * server from sending the rest.
   *
   * @throws {FirebreakError} any `mysql-…` code; `mysql-value-large`.
   */
  async *read(sql: string, selected: Selected): AsyncGenerator<RowBatch> {
    const connection = this.#connection;
    const { target } = this.#session;
    let rows: Cells[] = [];
    let bytes = 0;
    let isAtEnd = false;
    let failure: Error | undefined;
    let wake: (() => void) | undefined;
    const fail = (error: Error): void => {
      failure = error;
      wake?.();
    };
    // The driver does not tell a query without a callback that the connection broke.
    connection.on("error", fail);
    const query = connection.query({ sql, rowsAsArray: true, typeCast: false });
    query.on("result", (row) => {
      bytes += row.reduce((sum, cell) => sum + (Buffer.isBuffer(cell) ? cell.length : 0), 0);
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
        if (failure !== undefined) throw explainMysql(failure, target, sql);
        const batch = { rows, bytes, untold: takeUntold(rows, selected) };
        rows = [];
        bytes = 0;
        if (selected.provedColumns.length + selected.jsonColumns.length > 0)
          for (const row of batch.rows) takeRawBytes(row, selected, target.server);
        if (batch.rows.length > 0) yield batch;
        if (isAtEnd && rows.length === 0) return;
        if (!isAtEnd) this.#packets.resume();
      }
    } finally {
      connection.off("error", fail);
      if (!isAtEnd && failure === undefined) this.#session.connection.destroy();
    }
  }

  /** The session, for other queries in the same snapshot. Do not use it while rows are read. */
  get session(): MysqlSession {
    return this.#session;
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}

/**
 * Returns the column of each JSON document that its text does not fully tell. The flags follow a
 * row's columns and proofs.
 */
function takeUntold(rows: readonly Cells[], { columns, provedColumns, jsonColumns }: Selected): string[] {
  const from = columns.length + provedColumns.length;
  return rows.flatMap((row) =>
    jsonColumns.flatMap((column, i) => (isZero(row[from + i]) ? [columns[column]!.name] : [])),
  );
}

function isZero(cell: ServerCell | undefined): boolean {
  return Buffer.isBuffer(cell) && cell.toString("latin1") === "0";
}

/**
 * Replaces cells whose characters could not be converted by the bytes that follow a row's columns.
 *
 * @throws {FirebreakError} `mysql-value-large`: for a value above max_allowed_packet, a server's
 * functions return NULL.
 */
function takeRawBytes(row: Cells, { columns, provedColumns }: Selected, server: string): void {
  for (const [i, column] of provedColumns.entries()) {
    const proof = row[columns.length + i];
    if (!Buffer.isBuffer(proof) !== !Buffer.isBuffer(row[column]))
      throw mysqlFault("mysql-value-large", { server, column: columns[column]!.name });
    if (Buffer.isBuffer(proof) && proof.length > 0) row[column] = new UnsayableCharacters(proof);
  }
  row.length = columns.length;
}
