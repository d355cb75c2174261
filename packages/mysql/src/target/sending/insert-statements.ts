import { quoteIdentifier, readCsv, rowLiteral } from "@firebreak/mysql-format";
import { mysqlFault, shortStatement } from "../../driver/mysql-faults.ts";
import type { RowTarget } from "./send-rows.ts";

/** The maximum size of a statement, unless a single row is larger. */
const STATEMENT_BYTES = 1 << 20;

/** The bytes of a packet besides the statement: its command, and the head of the query attributes. */
const PACKET_HEAD_BYTES = 16;

/**
 * The servers' own error number for a packet that is too large. This code reports it before a
 * server would hang up.
 */
const PACKET_TOO_LARGE = 1153;

export interface InsertStatement {
  readonly sql: string;
  readonly rowCount: number;
  /** The number of the file's rows in earlier statements. */
  readonly rowsBefore: number;
}

/**
 * Builds INSERT statements from the rows of a CSV. None is larger than the server's packet limit.
 *
 * @param server its name in errors.
 * @throws {FirebreakError} `mysql-data` for a row that no statement can hold, or whatever `bytes`
 * throws.
 */
export async function* insertStatements(
  to: RowTarget,
  bytes: AsyncIterable<Buffer>,
  { maxAllowedPacket, server }: { readonly maxAllowedPacket: number; readonly server: string },
): AsyncGenerator<InsertStatement> {
  const { target, columns, file } = to;
  const head = `INSERT INTO ${target} (${columns.map((c) => quoteIdentifier(c.name)).join(", ")}) VALUES `;
  const headBytes = Buffer.byteLength(head);
  const limit = maxAllowedPacket - PACKET_HEAD_BYTES;
  let rows: string[] = [];
  let size = headBytes;
  let rowsBefore = 0;
  for await (const cells of columns.length === 0 ? emptyRows(bytes) : readCsv(bytes, file)) {
    const refusal = (errno: number, reason: string): Error =>
      mysqlFault("mysql-data", {
        server,
        object: target,
        statement: shortStatement(head),
        errno,
        reason: `${reason} at row ${rowsBefore + rows.length + 1}`,
      });
    const row = rowLiteral(cells, columns, to.hasJsonDecimals);
    if (row.kind === "refusal") throw refusal(row.errno, row.reason);
    if (headBytes + row.byteLength > limit)
      throw refusal(
        PACKET_TOO_LARGE,
        `An INSERT of ${headBytes + row.byteLength} bytes passes max_allowed_packet (${maxAllowedPacket})`,
      );
    if (rows.length > 0 && size + row.byteLength > Math.min(STATEMENT_BYTES, limit)) {
      yield { sql: head + rows.join(","), rowCount: rows.length, rowsBefore };
      rowsBefore += rows.length;
      rows = [];
      size = headBytes;
    }
    rows.push(row.sql);
    size += row.byteLength + 1;
  }
  if (rows.length > 0) yield { sql: head + rows.join(","), rowCount: rows.length, rowsBefore };
}

const LINE_END = 0x0a;

/** Yields a row for each line of a table that has only generated columns: such a line is empty. */
async function* emptyRows(blocks: AsyncIterable<Buffer>): AsyncGenerator<[]> {
  for await (const block of blocks) for (const byte of block) if (byte === LINE_END) yield [];
}
