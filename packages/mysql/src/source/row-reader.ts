import { UnsayableCharacters, type ServerCell } from "@firebreak/archive";
import type { MysqlSession, MysqlTarget } from "../connect.ts";
import { explainMysql, mysqlFault } from "../mysql-faults.ts";
import { openSnapshot } from "./open-reader.ts";
import { RowPackets, type PacketConnection } from "./row-packets.ts";
import type { RowSelect } from "./row-select.ts";

/** Bytes gathered before the server is made to wait. */
const BATCH_BYTES = 256 << 10;

/** A few rows, each the cells of its columns. */
export interface RowBatch {
  readonly rows: readonly (readonly ServerCell[])[];
  /** As the server sent them. */
  readonly bytes: number;
  /** The column of each JSON document in it that has values which its text does not tell. */
  readonly untold: readonly string[];
}

type Cells = ServerCell[];
type Selected = Pick<RowSelect, "columns" | "provedColumns" | "jsonColumns">;

/** As much of the driver as is used here: its types know no rows that come one by one and uninterpreted. */
interface CoreConnection extends PacketConnection {
  query(options: { sql: string; rowsAsArray: true; typeCast: false }): {
    on(event: "result", take: (row: Cells) => void): unknown;
    on(event: "error", take: (error: Error) => void): unknown;
    on(event: "end", take: () => void): unknown;
  };
  on(event: "error", take: (error: Error) => void): unknown;
  off(event: "error", take: (error: Error) => void): unknown;
}

/** A session that reads rows as they are at the moment when it is opened. Close it when done. */
export class RowReader {
  readonly #session: MysqlSession;
  readonly #connection: CoreConnection;
  readonly #packets: RowPackets;

  private constructor(session: MysqlSession) {
    this.#session = session;
    this.#connection = (session.connection as unknown as { connection: CoreConnection }).connection;
    this.#packets = new RowPackets(this.#connection);
  }

  /** @throws {FirebreakError} of mysql. */
  static async open(target: MysqlTarget): Promise<RowReader> {
    const session = await openSnapshot(target);
    try {
      // Values then come as they are kept, unconverted (manual, 12.4).
      await session.run("SET SESSION character_set_results = NULL");
      return new RowReader(session);
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /**
   * The rows of a query made of a `RowSelect`, a megabyte at a time: the server
   * waits while a batch is worked on, and its cells are good until the next is asked
   * for. Who stops early ends the connection, for nothing else would keep the server
   * from sending the rest.
   *
   * @throws {FirebreakError} of mysql; `mysql-value-large`.
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
    // A connection that breaks says so itself: the driver does not tell a query that has no callback.
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

  /** For queries of another kind, in the same moment; not while rows are read. */
  get session(): MysqlSession {
    return this.#session;
  }

  async close(): Promise<void> {
    await this.#session.close();
  }
}

/** Reads what is said of JSON documents behind a row's columns and proofs. */
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
 * Puts the bytes that stand behind a row's columns where the characters could not be converted.
 *
 * @throws {FirebreakError} `mysql-value-large`: above max_allowed_packet a server's functions make NULL of a value.
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
